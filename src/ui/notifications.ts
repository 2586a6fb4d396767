import { basename } from "node:path";
import * as vscode from "vscode";
import { isEnded, type Job, needsUser, requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { showFile } from "./actions.ts";
import { tell } from "./tell.ts";
import { jobText } from "./words/job.ts";
import { problemText } from "./words/problem.ts";

/** Jobs that end within this time are reported together, ms. */
const gatherFor = 1000;
/** The pause between two messages, ms. */
const spacing = 15_000;

/** Collects ids that arrive within a short time, passes them to `tell` together, and then pauses for a while. */
class Gathering {
  readonly #tell: (ids: readonly string[]) => void;
  #ids: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The earliest time for the next message, ms since 1970. */
  #notBefore = 0;

  constructor(tell: (ids: readonly string[]) => void) {
    this.#tell = tell;
  }

  add(id: string): void {
    this.#ids.push(id);
    // A clock that was set back must not delay messages by that much.
    const wait = Math.min(Math.max(this.#notBefore - Date.now(), gatherFor), spacing);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#notBefore = Date.now() + spacing;
      this.#tell(this.#ids.splice(0));
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Messages about jobs that stopped. Only one window reports a job, and jobs that end at the same time share a message.
 * Problems neither wait for good news nor hide among it.
 */
export class Notifications implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list" | "get" | "untold" | "claimNotification">;
  readonly #isShown: () => boolean;
  readonly #report: (error: unknown) => void;
  readonly #end: () => void;
  /** Jobs that this window has seen in progress: only their end is news. */
  readonly #open = new Set<string>();
  readonly #saved = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));
  readonly #trouble = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));

  /**
   * @param isShown whether the user sees the panel in this window.
   * @param report logs an unexpected error.
   */
  constructor(
    jobs: Pick<JobService, "list" | "get" | "untold" | "claimNotification" | "onDidChange">,
    isShown: () => boolean,
    report: (error: unknown) => void,
  ) {
    this.#jobs = jobs;
    this.#isShown = isShown;
    this.#report = report;
    this.#end = jobs.onDidChange(() => this.#look());
    this.#look();
    // If a job ended in a window's last second, the next window reports it.
    for (const id of jobs.untold()) {
      const job = jobs.get(id);
      if (job !== undefined && isNews(job)) {
        this.#add(job);
      }
    }
  }

  dispose(): void {
    this.#end();
    this.#saved.dispose();
    this.#trouble.dispose();
  }

  #look(): void {
    for (const job of this.#jobs.list()) {
      if (!isEnded(job.progress) && !needsUser(job.progress)) {
        this.#open.add(job.id);
      } else if (this.#open.delete(job.id)) {
        this.#add(job);
      }
    }
  }

  #add({ id, progress }: Job): void {
    (progress.state === "saved" ? this.#saved : this.#trouble).add(id);
  }

  /** Reports what no other window has reported and the user doesn't see already. */
  async #tellNews(ids: readonly string[]): Promise<void> {
    const news: Job[] = [];
    for (const id of ids) {
      const job = this.#jobs.get(id);
      if (job !== undefined && isNews(job) && (await this.#isOurs(id))) {
        news.push(job);
      }
    }
    // The panel shows the video itself, and a message would only cover the button for the next one.
    const isShown = this.#isShown();
    const unseen = news.filter(({ progress }) => !isShown || progress.state !== "saved");
    const [only] = unseen;
    if (only !== undefined) {
      await (unseen.length === 1 ? tellOne(only) : tellMany(unseen));
    }
  }

  /** True in one window only. If the journal stays locked, true: one message too many is better than none. */
  async #isOurs(id: string): Promise<boolean> {
    try {
      return await this.#jobs.claimNotification(id);
    } catch {
      return true;
    }
  }
}

/** True if a job has stopped, but not because of its user. */
function isNews({ progress }: Job): boolean {
  const isByUser =
    progress.state === "cancelled" || (progress.state === "failed" && progress.problem.code === "watchStopped");
  return (isEnded(progress) || needsUser(progress)) && !isByUser;
}

async function tellOne(job: Job): Promise<void> {
  const { order, progress } = job;
  if (progress.state === "saved") {
    const open = vscode.l10n.t("Open");
    const reveal = vscode.l10n.t("Reveal");
    const answer = await tell("info", vscode.l10n.t("{0} is ready.", basename(progress.video)), open, reveal);
    if (answer !== undefined) {
      // By its path: the job may have left the list, but its video still exists.
      await showFile(answer === open ? "open" : "reveal", progress);
    }
    return;
  }
  const message =
    "problem" in progress && progress.problem !== undefined
      ? problemText(progress.problem, requestIdOf(progress) !== undefined).message
      : jobText(job).state;
  await offerList(tell("warning", vscode.l10n.t("{0}: {1}", order.name, message), vscode.l10n.t("Show")));
}

async function tellMany(jobs: readonly Job[]): Promise<void> {
  const show = vscode.l10n.t("Show");
  const troubled = jobs.filter(({ progress }) => progress.state !== "saved").length;
  await offerList(
    troubled === 0
      ? tell("info", vscode.l10n.t("{0} videos are ready.", jobs.length), show)
      : tell("warning", vscode.l10n.t("{0} videos failed or need attention.", troubled), show),
  );
}

/** The message's only button opens the list. */
async function offerList(answer: Thenable<string | undefined>): Promise<void> {
  if ((await answer) !== undefined) {
    await vscode.commands.executeCommand("wanFlf2v.showJobs");
  }
}
