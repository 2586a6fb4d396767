import type { Form, FormPatch } from "../../shared/messages/form.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Side } from "../../shared/model/side.ts";
import type { Ask } from "../kit/host.ts";
import type { State } from "./state.ts";

/** The page as those see it that do what its parts ask for. */
export interface Page {
  readonly ask: Ask;
  readonly pictures: {
    /** Reads a file again. */
    readAnew(path: string): Promise<void>;
    /** Waits for the pictures of the draft that are on their way, and asks again for those that could not be had. */
    settle(): Promise<void>;
  };
  /** Undefined until the host has told it. */
  state(): State | undefined;
  change(change: (state: State) => State): void;
  /** A change of the state that can change the draft too: older answers for an image that has changed count no more. */
  changeWithDraft(change: (state: State) => State): void;
  changeDraft(change: (draft: Form) => Form): void;
  /** Lays something from elsewhere over the draft. Files that it names are read anew, also those that are shown already. */
  choose(patch: FormPatch): void;
  /** Begins a turn of the images of some sides, or of the preset: gives what is true while nothing newer has happened to them. */
  turn(...places: readonly (Side | "preset")[]): () => boolean;
  /** Begins to wait for something: the function given is true while the focus may be moved when it is there. */
  attend(): () => boolean;
  focus(field: Field): Promise<void>;
  /** Shows a problem at its place, says it, and goes there where `may` lets it. */
  tell(problem: ShownProblem, may: () => boolean): Promise<void>;
  /** Does something, and shows at its place why it was not granted. */
  guarded(work: () => Promise<void>, field?: Field): Promise<void>;
  /**
   * Does what a press asks for, but not a second time for the second half of it.
   * @param what what was pressed, and what for
   * @param work tells whether anything came of it
   */
  once(what: string, work: () => Promise<boolean>): Promise<void>;
  /** Why something was not granted, in words. */
  shownProblemOf(error: unknown): ShownProblem;
}
