import * as vscode from "vscode";
import { isEnded, type Job, needsUser, requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { messageOf } from "../shared/errors.ts";
import type { ActionId } from "../shared/jobs/actions.ts";
import type { ShownProblem } from "../shared/messages/shownProblem.ts";
import { showFile } from "./actions.ts";
import { tell } from "./tell.ts";
import { jobText } from "./words/job.ts";
import { actionLabel } from "./words/jobActions.ts";
import { setToken } from "./words/offers.ts";
import { problemText } from "./words/problem.ts";
import { titleOf } from "./words/title.ts";

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

/** Where videos are looked at. */
interface Studio {
  /** Whether the user sees this job there now. */
  isShown(jobId: string): boolean;
  /** Shows a job there. */
  review(jobId: string): void;
}

/**
 * Messages about jobs that stopped. Only one window reports a job, and jobs that end at the same time share a message.
 * Problems neither wait for good news nor hide among it.
 */
export class Notifications implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list" | "get" | "untold" | "claimNotification">;
  readonly #studio: Studio;
  readonly #report: (error: unknown) => void;
  readonly #end: () => void;
  /** Jobs that this window has seen in progress: only their end is news. */
  readonly #open = new Set<string>();
  readonly #saved = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));
  readonly #trouble = new Gathering((ids) => void this.#tellNews(ids).catch(this.#report));

  /** @param report logs an unexpected error. */
  constructor(
    jobs: Pick<JobService, "list" | "get" | "untold" | "claimNotification" | "onDidChange">,
    studio: Studio,
    report: (error: unknown) => void,
  ) {
    this.#jobs = jobs;
    this.#studio = studio;
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
    const unseen = news.filter(({ id }) => !this.#studio.isShown(id));
    const [only] = unseen;
    if (only !== undefined) {
      await (unseen.length === 1 ? this.#tellOne(only) : tellMany(unseen));
    }
  }

  async #tellOne(job: Job): Promise<void> {
    const { progress } = job;
    if (progress.state !== "saved") {
      await tellTrouble(job);
      return;
    }
    const review = actionLabel("review");
    const reveal = actionLabel("reveal");
    const answer = await tell("info", vscode.l10n.t("“{0}” is ready.", titleOf(job)), review, reveal);
    if (answer === review && this.#jobs.get(job.id) !== undefined) {
      this.#studio.review(job.id);
    } else if (answer !== undefined) {
      // By its path: the job may have left the list, but its video still exists.
      await showFile(answer === review ? "open" : "reveal", progress.video);
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

/** A message comes up under the pointer, so it offers nothing that may be paid for at once, or that gives something up. */
const notHere: readonly ActionId[] = ["tryAgain", "sendAgain", "sendWithUpload", "drop", "remove"];

/** A button of a message. */
interface Offer {
  readonly label: string;
  act(): Thenable<unknown>;
}

/** What helps with a job that stopped: what its problem needs, then the job's next step, then the list. */
function offersFor(job: Job, actions: NonNullable<ShownProblem["actions"]>): Offer[] {
  const [next] = jobText(job).actions.filter(({ id }) => !notHere.includes(id));
  const step = next && {
    label: next.label,
    act: () => vscode.commands.executeCommand(`wanFlf2v.job.${next.id}`, { id: job.id }),
  };
  const helps = actions
    // The next step does this as well, and goes on.
    .filter(({ command }) => next?.id !== "setTokenAndSend" || command !== setToken.command)
    .map(({ label, command, setting }) => ({
      label,
      act: () => vscode.commands.executeCommand(command, undefined, setting),
    }));
  const show = { label: vscode.l10n.t("Show"), act: () => vscode.commands.executeCommand("wanFlf2v.showJobs") };
  const isNew = step !== undefined && helps.every(({ label }) => label !== step.label);
  return [...helps, ...(isNew ? [step] : []), show];
}

/** Says why a job stopped, with what helps. */
async function tellTrouble(job: Job): Promise<void> {
  const { progress } = job;
  const { message, actions = [] } =
    "problem" in progress && progress.problem !== undefined
      ? problemText(progress.problem, requestIdOf(progress) !== undefined)
      : { message: jobText(job).state };
  const offers = offersFor(job, actions);
  const chosen = await tell(
    "warning",
    vscode.l10n.t("“{0}”: {1}", titleOf(job), message),
    ...offers.map(({ label }) => label),
  );
  const offer = offers.find(({ label }) => label === chosen);
  try {
    await offer?.act();
  } catch (error) {
    // A command says in words why it could not be done.
    await tell("error", messageOf(error));
  }
}

async function tellMany(jobs: readonly Job[]): Promise<void> {
  const show = vscode.l10n.t("Show");
  const troubled = jobs.filter(({ progress }) => progress.state !== "saved").length;
  const answer =
    troubled === 0
      ? await tell("info", vscode.l10n.t("{0} videos are ready.", jobs.length), show)
      : await tell("warning", vscode.l10n.t("{0} videos failed or need attention.", troubled), show);
  await (answer && vscode.commands.executeCommand("wanFlf2v.showJobs"));
}
