import { randomUUID } from "node:crypto";
import { setTimeout as setTimer } from "node:timers/promises";
import { checkWritable } from "../output/target.ts";
import { requestIdSchema } from "../runcomfy/wire.ts";
import { messageOf } from "../shared/errors.ts";
import type { Payment, Spend, VideoCounts } from "../shared/model/budget.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { committed } from "./checkpoint.ts";
import { removeCopies } from "./copies.ts";
import { CostAsker } from "./costs.ts";
import { adopted, cancelled, dropped, moved, retried, sentAgain, stopped, trusted } from "./decisions.ts";
import { Healing } from "./healing.ts";
import { canBeTakenUp, isEnded, type Job, mayBePaid } from "./job.ts";
import type { Change } from "./journal/change.ts";
import type { Journal } from "./journal/journal.ts";
import { isBusy, patiently, whenFree } from "./journal/sql.ts";
import { leaseStamps } from "./leases.ts";
import { freezeDraft, frozenRequest, type Submission } from "./order.ts";
import { newOwner } from "./owner.ts";
import { harmless, type Ports } from "./ports.ts";
import { newestOf, type RenderedRecipe } from "./rendered.ts";
import { Runner } from "./runner.ts";
import { Spending } from "./spending.ts";
import type { StepContext } from "./steps/context.ts";
import { prepare } from "./steps/prepare.ts";
import { storageProblem } from "./storage.ts";
import { clearUp, removeFinished, tidy } from "./tidying.ts";
import { Uploads } from "./uploads/uploads.ts";
import { OtherWindows } from "./windows.ts";
import { withdraw } from "./withdraw.ts";

/** How long a closing window keeps tidying, ms. */
const tidyingPatience = 500;

/** All jobs of the user, and what the user can do with them. It owns the truth; views ask it and listen to it. */
export class JobService {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #context: StepContext;
  readonly #runner: Runner;
  readonly #costs: CostAsker;
  readonly #spending: Spending;
  readonly #listeners = new Set<() => void>();
  /** The jobs' images on the user's storage. */
  readonly uploads: Uploads;
  readonly #healing: Healing;
  readonly #windows: OtherWindows;
  #tidying: Promise<void> | undefined;

  constructor(journal: Journal, given: Ports) {
    const ports = harmless(given);
    this.#journal = journal;
    this.#ports = ports;
    const owner = newOwner();
    const changed = () => this.#changed();
    this.uploads = new Uploads(journal, ports, owner, changed);
    this.#spending = new Spending(journal, ports);
    this.#context = { journal, ports, owner, stamp: leaseStamps(() => ports.now()), uploads: this.uploads, changed };
    this.#runner = new Runner(this.#context);
    this.#windows = new OtherWindows(journal, ports, () => {
      this.#changed();
      this.#runner.look();
    });
    this.#costs = new CostAsker(journal, ports, changed);
    this.#healing = new Healing(journal, ports, (id) => {
      this.#changed();
      this.#runner.wake(id);
    });
  }

  /** Continues all unfinished jobs and follows what other windows do to the journal. */
  start(): void {
    this.#windows.start();
    this.#runner.wake();
    this.uploads.look();
    this.#costs.look();
    this.#healing.look();
    this.#tidying = tidy(this.#journal, this.#ports);
  }

  async dispose(): Promise<void> {
    this.#windows.dispose();
    this.#healing.dispose();
    this.#costs.dispose();
    const cleared = Promise.allSettled([
      this.uploads.dispose(),
      // The next start does the rest: a folder on a sleeping share must not delay closing.
      Promise.race([this.#tidying, setTimer(tidyingPatience, undefined, { ref: false })]),
    ]);
    // First, no new step starts, and the leases go back.
    await this.#runner.dispose(() => void cleared.then(() => this.#journal.close()));
    await cleared;
  }

  /** Calls `listener` after every change of any job, by any window. Gives a function that ends that. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All jobs, newest first. Gives the same array as long as nothing changed, and while the journal is locked. */
  list(): readonly Job[] {
    const jobs = this.#journal.list();
    if (this.#journal.isBehind) {
      this.#windows.lookSoon();
    }
    return jobs;
  }

  get(id: string): Job | undefined {
    return this.list().find((job) => job.id === id);
  }

  /** How many videos the journal has that only a later version can read. */
  unreadable(): number {
    return this.#journal.unreadable();
  }

  /** Makes every job due at once: for a new token, or when the window comes to the front. */
  wake(): void {
    this.#runner.wakeAll();
    this.uploads.look();
    this.#healing.look();
    this.#costs.wake();
  }

  /** Ids of the jobs at rest that the user was not told about; none while the journal is locked. */
  untold(): readonly string[] {
    try {
      return this.#journal.untold();
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
      return [];
    }
  }

  /** True for one caller among all windows: the one that tells the user how this job ended. */
  async claimNotification(id: string): Promise<boolean> {
    return patiently(() => this.#journal.claimNotification(id));
  }

  /**
   * Freezes a draft into a job, which no longer depends on the settings or the original files.
   * @returns the job's id, once the job is durable and about to be sent.
   * @throws {ProblemError} about the draft, an image, the token, the storage, the folder or a cap; then there is
   * no job and nothing was sent. What asking for the payment throws ends it likewise.
   */
  async submit(submission: Submission): Promise<string> {
    const { order, payment, bytes, now } = await freezeDraft(submission, this.#ports, this.list());
    const job: Job = { id: randomUUID(), createdAt: now, order, progress: { state: "preparing" } };
    await this.#runner.holding(job.id, async () => {
      await committed(this.#ports, "preparing", () =>
        this.#insert(job, () => {
          this.#spending.check(payment);
          this.#checkRecipe(submission.recipe);
        }),
      );
      // Preparing takes a while, and the lease needs renewal meanwhile.
      this.#runner.look();
      this.#changed();
      try {
        await prepare(this.#context, job, bytes);
      } catch (error) {
        await withdraw(this.#context, job, error);
      }
    });
    return job.id;
  }

  /**
   * Cancels a job before it is sent, or asks the service to. The job shows what the service granted.
   * @throws {ProblemError} `notPossibleNow`.
   */
  async cancel(id: string): Promise<void> {
    const job = await this.#decide(id, (current) => cancelled(current, this.#ports.now()));
    if (job.progress.state === "cancelled") {
      await removeCopies(this.#ports, id);
    }
  }

  /**
   * Sends a failed job again, or one that may be paid twice if the user accepts that. `hosting` is how its images go now.
   * @throws {ProblemError} `notPossibleNow`, or about a cap; then nothing is sent.
   */
  async sendAgain(id: string, payment: Payment, hosting?: UploadKind): Promise<void> {
    await this.#decide(id, (job) => {
      const change = sentAgain(job, payment, hosting);
      if (change !== undefined) {
        this.#spending.check(payment);
      }
      return change;
    });
  }

  /**
   * What this calendar month has cost so far. While the journal is locked, the sum is the last one read.
   * @throws {ProblemError} `journalBusy` if none was read yet.
   */
  spend(): Spend {
    return this.#spending.soFar.get();
  }

  /** How many videos this calendar day and month have paid for, or may yet; read as {@link spend} is. */
  videos(): VideoCounts {
    return this.#spending.videos.get();
  }

  /** The tokens that the jobs under way were sent with, by their names. */
  tokensInUse(): string[] {
    return this.#journal.tokensInUse();
  }

  /**
   * Gives a job whose answer was lost the request id that the user found at the service, even after the job was dropped.
   * @throws {ProblemError} `argumentInvalid` for text that is no request id, `requestFollowed` if another job has it.
   */
  async adopt(id: string, requestId: string): Promise<void> {
    const parsed = parseRequestId(requestId);
    await this.#decide(id, (job) => {
      if (this.#journal.having(parsed, job.order.service, id) !== undefined) {
        throw new ProblemError({ code: "requestFollowed" });
      }
      return adopted(job, parsed, this.#ports.now());
    });
  }

  /** Continues a stopped job, for example after the user made room on the disk. */
  async retry(id: string): Promise<void> {
    await this.#decide(id, retried);
  }

  /**
   * Saves a job's video into another folder.
   * @throws {ProblemError} `folderUnusable` if that folder cannot be used either.
   */
  async chooseFolder(id: string, folder: string): Promise<void> {
    const root = await checkWritable(folder);
    await this.#decide(id, (job) => moved(job, folder, root));
  }

  /** Lets this job, and no other, download from the host that it stopped at. */
  async trustHost(id: string): Promise<void> {
    await this.#decide(id, trusted);
  }

  /**
   * Stops watching a request, which may continue at the service and cost money. *Take Up Again* resumes it.
   * @throws {ProblemError} `notPossibleNow`
   */
  async stopWatching(id: string): Promise<void> {
    await this.#decide(id, (job) => stopped(job, this.#ports.now()));
  }

  /** Gives up a stopped job. It stays in the list as failed, with its request id if it has one. */
  async drop(id: string): Promise<void> {
    await this.#decide(id, (job) => dropped(job, this.#ports.now()));
  }

  /**
   * Removes an ended job from the list. Its video and recipe stay where they are.
   * @throws {ProblemError} `notPossibleNow` if it has not ended.
   */
  async remove(id: string): Promise<void> {
    await whenFree(() => this.#find(id));
    // First the row, in its current state: by now the job may be under way again.
    const job = await committed(this.#ports, "removed", () => whenFree(() => this.#journal.remove(id)));
    if (job === undefined) {
      throw new ProblemError({ code: "notPossibleNow", state: this.#find(id).progress.state });
    }
    this.#changed();
    await clearUp(this.#journal, this.#ports, job);
  }

  /** Removes those of these jobs that have ended with nothing at stake, as {@link remove} does each, and tells of it once. */
  async removeFinished(ids: readonly string[]): Promise<void> {
    try {
      await removeFinished(this.#journal, this.#ports, ids);
    } finally {
      this.#changed();
    }
  }

  /**
   * Makes a job of a request whose id the user knows, and fetches its video.
   * @throws {ProblemError} `argumentInvalid` or `folderUnusable`.
   */
  async recover(requestId: string, target: { service: string; folder: string }): Promise<string> {
    const parsed = parseRequestId(requestId);
    const root = await checkWritable(target.folder);
    const now = this.#ports.now();
    const id = randomUUID();
    const order = frozenRequest(parsed, target, root);
    const job: Job = { id, createdAt: now, order, progress: { state: "queued", requestId: parsed } };
    let known: Job | undefined;
    await committed(this.#ports, "recovered", async () => {
      try {
        await this.#insert(job, () => {
          known = this.#journal.having(parsed, target.service);
          if (known !== undefined) {
            throw new ProblemError({ code: "requestFollowed" });
          }
        });
      } catch (error) {
        if (known === undefined) {
          throw error;
        }
      }
    });
    if (known !== undefined) {
      return this.#goOnWith(known, parsed);
    }
    this.#changed();
    this.#runner.wake(id);
    return id;
  }

  /** A job that has the request which its user wants to be fetched. */
  async #goOnWith({ id, progress }: Job, requestId: string): Promise<string> {
    if (mayBePaid(progress)) {
      await this.adopt(id, requestId);
    } else if (canBeTakenUp(progress)) {
      await this.retry(id);
    } else if (isEnded(progress)) {
      throw new ProblemError({ code: "requestFollowed" });
    }
    return id;
  }

  /**
   * Checks that nobody else has rendered a recipe since the caller looked at it. Must run inside a transaction of the journal, so
   * that two windows cannot both render it.
   */
  #checkRecipe(recipe: RenderedRecipe | undefined): void {
    const newest = recipe && newestOf(recipe.path, this.#journal.list());
    if (newest?.id !== recipe?.last) {
      throw new ProblemError({ code: "recipeBusy" });
    }
  }

  /** @throws {ProblemError} what `check` throws, `journalBusy`, or `folderUnusable` if the journal has no room. */
  async #insert(job: Job, check?: () => void): Promise<void> {
    try {
      await whenFree(() => this.#journal.insert(job, this.#context.owner, this.#context.stamp(), check));
    } catch (error) {
      throw storageProblem(error, this.#ports.storage);
    }
  }

  #find(id: string): Job {
    const job = this.#journal.get(id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  }

  /**
   * Records a user's decision, from any window. The window that holds the lease sees it at its next step.
   * @throws {ProblemError} `jobUnknown`, `notPossibleNow` or `journalBusy`.
   */
  async #decide(id: string, decide: (job: Job) => Change | undefined): Promise<Job> {
    const job = await whenFree(() => this.#find(id));
    const after = await committed(this.#ports, "decision", () =>
      whenFree(() => this.#journal.change(id, decide)).catch((error: unknown) => {
        throw storageProblem(error, this.#ports.storage);
      }),
    );
    if (after === undefined) {
      throw new ProblemError({ code: "notPossibleNow", state: job.progress.state });
    }
    this.#ports.log(`${id} ${job.progress.state} -> ${after.progress.state}, by the user`);
    this.#changed();
    this.#runner.wake(id);
    return after;
  }

  #changed(): void {
    this.uploads.look();
    this.#costs.look();
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        // A view that cannot read the journal now must not stop the work that caused the change.
        this.#ports.log(`a view failed: ${messageOf(error)}`);
      }
    }
  }
}

function parseRequestId(text: string): string {
  const parsed = requestIdSchema.safeParse(text.trim());
  if (!parsed.success) {
    throw new ProblemError({ code: "argumentInvalid", argument: "requestId" });
  }
  return parsed.data;
}
