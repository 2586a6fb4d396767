import type { DraftPatch, Field, PageDraft, ShownProblem } from "../../shared/messages/panel.ts";
import type { Side } from "../../shared/model/side.ts";
import type { Host } from "../kit/host.ts";
import type { Pictures } from "../pair/pictures.ts";
import type { State } from "./state.ts";

/** The page as the parts that do its work see it. */
export interface Work {
  readonly host: Host;
  readonly pictures: Pictures;
  /** Undefined until the host has told it. */
  state(): State | undefined;
  change(change: (state: State) => State): void;
  changeDraft(change: (draft: PageDraft) => PageDraft): void;
  /** Lays something from elsewhere over the draft. Files that it names are read anew, also those that are shown already. */
  choose(patch: DraftPatch): void;
  /** Begins a turn of the images of some sides: the function given is true while nothing newer has happened to them. */
  turn(...sides: readonly Side[]): () => boolean;
  /** Begins to wait for something: the function given is true while the focus may be moved when it is there. */
  attend(): () => boolean;
  focus(field: Field): Promise<void>;
  /** Shows a problem at its place, says it, and goes there where `may` lets it. */
  tell(problem: ShownProblem, may: () => boolean): Promise<void>;
  problemOf(error: unknown): ShownProblem;
}
