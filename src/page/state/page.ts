import type { Form, FormPatch } from "../../shared/messages/form.ts";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Side } from "../../shared/model/side.ts";
import type { Ask } from "../kit/host.ts";
import type { State } from "./state.ts";

/** What a request is about: a field of the form, or a job. */
export type ProblemPlace = Field | { readonly jobId: string };

/** The page as the classes that handle its intents see it. */
export interface Page {
  readonly ask: Ask;
  readonly pictures: {
    /** Reads a file again. */
    readAnew(path: string): Promise<void>;
    /** Waits for the draft's pictures that are loading, and requests failed ones again. */
    settle(): Promise<void>;
  };
  /** Undefined until the host has sent the state. */
  state(): State | undefined;
  change(change: (state: State) => State): void;
  /** Changes the state, and possibly the draft with it. Older answers for an image that has changed become invalid. */
  changeWithDraft(change: (state: State) => State): void;
  changeDraft(change: (draft: Form) => Form): void;
  /** Applies values from elsewhere to the draft. Reads the files that they name again, even those already shown. */
  choose(patch: FormPatch): void;
  /**
   * Begins a turn for the images of some sides, or for the preset. The returned function is true until something newer
   * happens to them.
   */
  turn(...places: readonly (Side | "preset")[]): () => boolean;
  /**
   * False if the host has changed the form or the settings since the page was drawn for the current press. What would be sent
   * is then not what the user saw.
   */
  isAsShown(): boolean;
  /** Begins to wait for something. The returned function tells whether the focus may be moved when it arrives. */
  attend(): () => boolean;
  focus(field: Field): Promise<void>;
  /** Shows a problem at its place and announces it. Moves the focus to its field if `may` returns true. */
  tell(problem: ShownProblem, may: () => boolean): Promise<void>;
  /**
   * Runs a request. If it is refused, shows the reason at its place, or in the notice if it has none.
   * @returns whether it succeeded
   */
  guarded(work: () => Promise<unknown>, place?: ProblemPlace): Promise<boolean>;
  /**
   * Does what a press asks for, but ignores the second half of a double press.
   * @param what names what was pressed, and for what
   * @param work tells whether it had an effect
   * @param place "stage" for what is pressed there and may cost money: a press meant for what was there before is ignored, too
   */
  once(what: string, work: () => Promise<boolean>, place?: "stage"): Promise<void>;
  /** Why a request failed, in words. */
  shownProblemOf(error: unknown): ShownProblem;
}
