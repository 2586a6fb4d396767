import type { FormPatch } from "../../shared/messages/form.ts";
import type { PanelSettings } from "../../shared/messages/panel.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Measures } from "../../shared/messages/videos.ts";
import type { Draft } from "../../shared/model/draft.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { PanelDeps, SessionHost } from "./deps.ts";

/** What the handlers of the page's requests work with. */
export interface Desk {
  readonly deps: PanelDeps;
  readonly host: SessionHost;
  /**
   * What the page measured of each job's video, for as long as the window is open. The page measures and tells, and gets
   * the figures back in the job's view: so they survive a page that is hidden.
   */
  readonly measures: Map<string, Measures>;
  /** The settings as far as they are right. */
  settings(): PanelSettings;
  /** Lays something over the page's form, now or as soon as the page is there. */
  patchDraft(patch: FormPatch): void;
  /** Tells the page of the jobs, where anything that a user sees of them has changed. */
  tellJobs(): void;
  /** A problem in words. From now on the page may run the commands that it offers. */
  inWords(problem: Problem): ShownProblem;
  /**
   * Makes a job from a draft. The same press with the same draft makes no second job while the first call is under way.
   * @param press what the user pressed; pressing for the same draft in two places counts as two calls
   * @returns the job's id; undefined if the user declined when asked
   */
  generate(press: string, draft: Draft): Promise<string | undefined>;
}

/** The same bytes in a buffer of their own, so that a message carries no more than them. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
