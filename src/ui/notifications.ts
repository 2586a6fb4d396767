import { basename } from "node:path";
import * as vscode from "vscode";
import { isEnded, type Job, needsUser, requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { JobActions } from "./actions.ts";
import { jobText } from "./jobSentences.ts";
import { problemText } from "./problemSentences.ts";

/** One message at the end of each job, by one window only. */
export class Notifications implements vscode.Disposable {
  readonly #jobs: JobService;
  readonly #actions: JobActions;
  readonly #isShown: () => boolean;
  readonly #end: () => void;
  /** Jobs that this window has seen on their way: only their end is news. */
  readonly #open = new Set<string>();

  /** @param isShown whether the user has the panel before their eyes, in this window. */
  constructor(jobs: JobService, actions: JobActions, isShown: () => boolean) {
    this.#jobs = jobs;
    this.#actions = actions;
    this.#isShown = isShown;
    this.#end = jobs.onDidChange(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#end();
  }

  #look(): void {
    for (const job of this.#jobs.list()) {
      const quiet = isEnded(job.progress) || needsUser(job.progress);
      if (!quiet) {
        this.#open.add(job.id);
      } else if (this.#open.delete(job.id) && job.progress.state !== "cancelled") {
        void this.#tell(job);
      }
    }
  }

  async #tell(job: Job): Promise<void> {
    const { progress } = job;
    // A journal that is locked for long: a message too many is better than none.
    if (!(await this.#jobs.claimNotification(job.id).catch(() => true))) {
      return;
    }
    if (progress.state === "saved") {
      // There the video itself tells it, and the message would only cover the button for the next one.
      if (this.#isShown()) {
        return;
      }
      const open = vscode.l10n.t("Open");
      const reveal = vscode.l10n.t("Reveal");
      const answer = await vscode.window.showInformationMessage(
        vscode.l10n.t("{0} is saved.", basename(progress.video)),
        open,
        reveal,
      );
      if (answer !== undefined) {
        await this.#actions.run(job.id, answer === open ? "open" : "reveal");
      }
      return;
    }
    const message =
      "problem" in progress && progress.problem !== undefined
        ? problemText(progress.problem, requestIdOf(progress) !== undefined).message
        : jobText(job).state;
    const show = vscode.l10n.t("Show");
    const answer = await vscode.window.showWarningMessage(vscode.l10n.t("{0}: {1}", job.order.name, message), show);
    if (answer === show) {
      await vscode.commands.executeCommand("wanFlf2v.showJobs");
    }
  }
}
