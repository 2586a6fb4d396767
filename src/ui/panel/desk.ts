import type { FormPatch } from "../../shared/messages/form.ts";
import type { PanelSettings } from "../../shared/messages/panel.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Measures } from "../../shared/messages/videos.ts";
import type { Draft } from "../../shared/model/draft.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { PanelDeps, SessionHost } from "./deps.ts";

/** What the handlers for the page's requests share. */
export interface Desk {
  readonly deps: PanelDeps;
  readonly host: SessionHost;
  /**
   * What the page measured on each job's video, for as long as the window is open. The page sends its measurements and gets
   * them back in the job's view, so that they survive while the page is hidden.
   */
  readonly measures: Map<string, Measures>;
  /** The settings, as far as they are valid. */
  settings(): PanelSettings;
  /** Changes the page's form, now or as soon as the page is ready. */
  patchDraft(patch: FormPatch): void;
  /** Puts a job on the stage, now or as soon as the page is ready. */
  showJob(jobId: string): void;
  /** Sends the jobs to the page if anything that the user sees of them has changed. */
  tellJobs(): void;
  /** A problem in words. From then on the page may run the commands that it offers. */
  inWords(problem: Problem): ShownProblem;
  /**
   * Makes a job from a draft. The same press with the same draft makes no second job while the first call is under way.
   * @param press what the user pressed; pressing for the same draft in two places counts as two calls
   * @returns the job's id; undefined if the user declined when asked
   */
  generate(press: string, draft: Draft): Promise<string | undefined>;
}
