import { basename } from "node:path";
import * as vscode from "vscode";
import { isEnded, type Job, needsUser, requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { showFile } from "./actions.ts";
import { tell } from "./tell.ts";
import { jobText } from "./words/job.ts";
import { problemText } from "./words/problem.ts";

/** Jobs that end within this time are told together, ms. */
const gatherFor = 1000;
/** From one message to the next, ms. */
const spacing = 15_000;

/** Ids that come in a short time, given to `tell` together, and then not again for a while. */
class Gathering {
  readonly #tell: (ids: readonly string[]) => void;
  #ids: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When they may be told again at the earliest, ms since 1970. */
  #notBefore = 0;

  constructor(tell: (ids: readonly string[]) => void) {
    this.#tell = tell;
  }

  add(id: string): void {
    this.#ids.push(id);
    // A clock that was set back must not hold messages for as long.
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
 * Messages about jobs that came to rest: each job in one, by one window only, and many that end at once in one. Trouble does
 * not wait for good news, nor hide among it.
 */
export class Notifications implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list" | "get" | "untold" | "claimNotification">;
  readonly #isShown: () => boolean;
  readonly #report: (error: unknown) => void;
  readonly #end: () => void;
  /** Jobs that this window has seen on their way: only their end is news. */
  readonly #open = new Set<string>();
  readonly #saved = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));
  readonly #trouble = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));

  /**
   * @param isShown whether the user has the panel before their eyes, in this window.
   * @param report takes note of a fault of ours.
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
    // What ended in the last second of a window is told by the next one.
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

  /** Tells what the user has not been told by another window, and does not see before their eyes. */
  async #tellNews(ids: readonly string[]): Promise<void> {
    const news: Job[] = [];
    for (const id of ids) {
      const job = this.#jobs.get(id);
      if (job !== undefined && isNews(job) && (await this.#isOurs(id))) {
        news.push(job);
      }
    }
    // There the video itself tells it, and the message would only cover the button for the next one.
    const isShown = this.#isShown();
    const unseen = news.filter(({ progress }) => !isShown || progress.state !== "saved");
    const [only] = unseen;
    if (only !== undefined) {
      await (unseen.length === 1 ? tellOne(only) : tellMany(unseen));
    }
  }

  /** True for one window. A journal that is locked for long: a message too many is better than none. */
  async #isOurs(id: string): Promise<boolean> {
    try {
      return await this.#jobs.claimNotification(id);
    } catch {
      return true;
    }
  }
}

/** True where a job has come to rest, not by what its user did. */
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
    const answer = await tell("info", vscode.l10n.t("{0} is saved.", basename(progress.video)), open, reveal);
    if (answer !== undefined) {
      // By its path: the job may have been taken out of the list by now, and its video is there all the same.
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
      ? tell("info", vscode.l10n.t("{0} videos are saved.", jobs.length), show)
      : tell("warning", vscode.l10n.t("{0} videos failed or need you.", troubled), show),
  );
}

/** The message's one button leads to the list. */
async function offerList(answer: Thenable<string | undefined>): Promise<void> {
  if ((await answer) !== undefined) {
    await vscode.commands.executeCommand("wanFlf2v.showJobs");
  }
}
