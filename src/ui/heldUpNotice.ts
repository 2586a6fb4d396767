import * as vscode from "vscode";
import { problemOfJob, waitsForUser } from "../jobs/facts.ts";
import { type Job, needsUser, requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { Problem } from "../shared/model/problem.ts";
import { tell } from "./tell.ts";
import { problemText } from "./words/problem.ts";
import { titleOf } from "./words/title.ts";

/**
 * Reports what delays videos in progress until the user helps. Otherwise a user who does not look at the list would wait in
 * vain. It reports each problem once until it is over.
 */
export class HeldUpNotice implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list">;
  readonly #isFocused: () => boolean;
  readonly #isShown: (jobId: string) => boolean;
  readonly #end: () => void;
  readonly #told = new Set<Problem["code"]>();

  /**
   * @param isFocused whether the user is working in this window.
   * @param isShown whether the user sees this job in it.
   */
  constructor(
    jobs: Pick<JobService, "list" | "onDidChange">,
    isFocused: () => boolean,
    isShown: (jobId: string) => boolean,
  ) {
    this.#jobs = jobs;
    this.#isFocused = isFocused;
    this.#isShown = isShown;
    this.#end = jobs.onDidChange(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#end();
  }

  #look(): void {
    const held = Map.groupBy(this.#jobs.list().filter(isHeldUp), (job) => troubleOf(job).code);
    for (const code of this.#told) {
      if (!held.has(code)) {
        this.#told.delete(code);
      }
    }
    for (const [code, jobs] of held) {
      const isSeen = jobs.every(({ id }) => this.#isShown(id));
      if (!this.#told.has(code) && this.#isFocused() && !isSeen) {
        this.#told.add(code);
        void tellOf(jobs);
      }
    }
  }
}

/** Excludes what other notices report: jobs that stopped, and invalid settings. */
function isHeldUp({ progress }: Job): boolean {
  const isSetting = progress.state === "waiting" && progress.reason === "setting";
  return waitsForUser(progress) && !needsUser(progress) && !isSetting;
}

function troubleOf({ progress }: Job): Problem {
  return problemOfJob(progress) ?? { code: "tokenMissing" };
}

async function tellOf(jobs: readonly Job[]): Promise<void> {
  const [first] = jobs;
  if (first === undefined) {
    return;
  }
  const { message, actions = [] } = problemText(troubleOf(first), requestIdOf(first.progress) !== undefined);
  const text =
    jobs.length === 1
      ? vscode.l10n.t("“{0}”: {1}", titleOf(first), message)
      : vscode.l10n.t("{0} videos need your attention: {1}", jobs.length, message);
  const show = { command: "wanFlf2v.showJobs", label: vscode.l10n.t("Show") };
  const offers = [...actions, show];
  const chosen = await tell("warning", text, ...offers.map(({ label }) => label));
  const offer = offers.find(({ label }) => label === chosen);
  await (offer && vscode.commands.executeCommand(offer.command));
}
