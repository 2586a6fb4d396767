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
   * Makes a job of a draft. The same draft ordered twice by the same wish, while the first order is under way, makes one job.
   * @param wish what the user pressed; the same draft wished for in two places is two wishes
   * @returns the job's id; undefined where the user was asked and decided against it
   */
  order(wish: string, draft: Draft): Promise<string | undefined>;
}
