import { randomUUID } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { setTimeout as setTimer } from "node:timers/promises";
import { newName } from "../hosting/storedObject.ts";
import { fileNameFor } from "../output/naming.ts";
import { checkWritable } from "../output/target.ts";
import { checkReadable } from "../output/trust.ts";
import { requestIdSchema } from "../runcomfy/wire.ts";
import { messageOf } from "../shared/errors.ts";
import { checkCap, monthStart, type Payment, type Spend } from "../shared/model/budget.ts";
import { checkDraft, type ImageSource } from "../shared/model/draft.ts";
import type { HostingKind, UploadKind } from "../shared/model/hosting.ts";
import { type Parameters, randomSeed } from "../shared/model/parameters.ts";
import type { PairPlans } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { removeCopies } from "./copies.ts";
import { CostAsker } from "./costs.ts";
import {
  adopted,
  cancelled,
  dropped,
  estimateField,
  moved,
  retried,
  sentAgain,
  stopped,
  trusted,
} from "./decisions.ts";
import { Healing } from "./healing.ts";
import { canBeTakenUp, isEnded, type Job, type Order, type Progress, requestIdOf } from "./job.ts";
import type { Change, Journal } from "./journal/journal.ts";
import { isBusy, patiently, whenFree } from "./journal/sql.ts";
import { newOwner } from "./owner.ts";
import type { Ports } from "./ports.ts";
import { bytesOf, freeze } from "./readSources.ts";
import { Runner } from "./runner.ts";
import { idOf, keepBesides } from "./steps/besides.ts";
import { LeaseLost } from "./steps/context.ts";
import { prepare } from "./steps/prepare.ts";
import { storageProblem } from "./storage.ts";
import { clearUp, tidy } from "./tidying.ts";
import { Uploads } from "./uploads/uploads.ts";

/** What Generate hands over: the draft as it stands on screen, and where its video goes. */
export interface Submission {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  readonly parameters: unknown;
  /** How each image file is brought to the video's frame; without a plan, its middle is kept. */
  readonly plans?: PairPlans | undefined;
  /**
   * SHA-256 (hex) of each image file's bytes as its user has seen it; a file that differs is not sent (`imageChanged`). Without
   * one, the file is taken as it is now.
   */
  readonly seen?: { readonly start?: string | undefined; readonly end?: string | undefined } | undefined;
  /** How image files get to the service; without it, inside the request. */
  readonly hosting?: HostingKind | undefined;
  /** Origin of the service. */
  readonly service: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Absolute folder of the project, where there is one. */
  readonly workspace?: string | undefined;
  /** File name template (`output/naming.ts`). */
  readonly fileName: string;
  /** What it is paid with, or what asks for that once the draft and the token are found to be in order. */
  readonly payment: Payment | ((parameters: Parameters) => Promise<Payment>);
}

/** ms between two looks for another window's commits, for where the system tells of none. */
const lookEvery = 15_000;
/** A commit touches the folder several times within this time, ms: one look is enough, and none in the middle waits for its lock. */
const commitTime = 20;
/** Pause before a locked journal is looked at again, ms. */
const lockedPause = 300;
/** How long a closing window goes on clearing up, ms. */
const tidyingPatience = 500;

/** All jobs of the user, and what the user can do with them. It owns the truth; views ask it and listen. */
export class JobService {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #runner: Runner;
  readonly #costs: CostAsker;
  readonly #listeners = new Set<() => void>();
  /** The jobs' images on the user's storage. */
  readonly uploads: Uploads;
  readonly #healing: Healing;
  #watcher: FSWatcher | undefined;
  #looking: NodeJS.Timeout | undefined;
  #following: NodeJS.Timeout | undefined;
  #spend: Spend | undefined;
  #tidying: Promise<void> | undefined;

  constructor(journal: Journal, given: Ports) {
    const ports = harmless(given);
    this.#journal = journal;
    this.#ports = ports;
    const owner = newOwner();
    const changed = () => this.#changed();
    this.uploads = new Uploads(journal, ports, owner, changed);
    this.#runner = new Runner({ journal, ports, owner, uploads: this.uploads, changed });
    this.#costs = new CostAsker(journal, ports, changed);
    this.#healing = new Healing(journal, ports, (id) => {
      this.#changed();
      this.#runner.wake(id);
    });
  }

  /** Goes on with all unfinished jobs and follows what other windows do to the journal. */
  start(): void {
    this.#watch();
    this.#looking = setInterval(() => this.#follow(), lookEvery);
    this.#looking.unref();
    this.#runner.wake();
    this.uploads.look();
    this.#costs.look();
    this.#healing.look();
    this.#tidying = tidy(this.#journal, this.#ports);
  }

  async dispose(): Promise<void> {
    this.#watcher?.close();
    clearInterval(this.#looking);
    clearTimeout(this.#following);
    this.#healing.dispose();
    this.#costs.dispose();
    const cleared = Promise.allSettled([
      this.uploads.dispose(),
      // What is left of it is for the next start: a folder on a sleeping share must not hold the closing up.
      Promise.race([this.#tidying, setTimer(tidyingPatience, undefined, { ref: false })]),
    ]);
    // First of all nothing new is begun, and the leases go back.
    await this.#runner.dispose(() => void cleared.then(() => this.#journal.close()));
    await cleared;
  }

  /** Calls back after every change of any job, by whichever window. Gives a function that ends it. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All jobs, newest first: the same array as long as nothing changed, and while the journal is locked. */
  list(): readonly Job[] {
    const jobs = this.#journal.list();
    if (this.#journal.isBehind) {
      this.#followSoon();
    }
    return jobs;
  }

  get(id: string): Job | undefined {
    return this.list().find((job) => job.id === id);
  }

  /** How many videos stand in the journal that only a later version can read. */
  unreadable(): number {
    return this.#journal.unreadable();
  }

  /** Makes every job due at once: a new token, the window back in front. */
  wake(): void {
    this.#runner.wakeAll();
    this.uploads.look();
    this.#healing.look();
    this.#costs.wake();
  }

  /** True for one caller over all windows: the one that tells the user of this job's end. */
  async claimNotification(id: string): Promise<boolean> {
    return patiently(() => this.#journal.claimNotification(id));
  }

  /**
   * Freezes a draft into a job: from here on neither the originals nor the settings matter to it.
   * @returns the job's id, once the job is durable and about to be sent.
   * @throws {ProblemError} about the draft, an image, the token, the storage, the folder or the monthly cap; then there is
   * no job and nothing was sent. What asking for the payment throws ends it likewise.
   */
  async submit(submission: Submission): Promise<string> {
    const draft = checkDraft(submission);
    const { problem } = this.#ports.limits();
    if (problem !== undefined) {
      throw new ProblemError(problem);
    }
    if ((await this.#ports.tokenInUse(submission.service)) === undefined) {
      throw new ProblemError({ code: "tokenMissing" });
    }
    const { hosting = "dataUri", payment: asked } = submission;
    const payment = typeof asked === "function" ? await asked(draft.parameters) : asked;
    if (hosting !== "dataUri" && [draft.start, draft.end].some(({ kind }) => kind === "file")) {
      await this.#ports.hosting.storage.place(hosting, newName());
    }
    const start = await freeze(draft.start, submission.plans?.start, submission.seen?.start);
    const end = await freeze(draft.end, submission.plans?.end, submission.seen?.end);
    const root = await checkWritable(submission.folder);
    await checkReadable(draft);
    const now = this.#ports.now();
    const parameters = { ...draft.parameters, seed: draft.parameters.seed ?? randomSeed() };
    const order: Order = {
      start: start.image,
      end: end.image,
      prompt: draft.prompt,
      parameters,
      hosting,
      service: submission.service,
      folder: submission.folder,
      root,
      ...(submission.workspace !== undefined && { workspace: submission.workspace }),
      ...estimateField(payment),
      name: fileNameFor(submission.fileName, {
        start: nameOf(draft.start),
        end: nameOf(draft.end),
        prompt: draft.prompt,
        parameters,
        now: new Date(now),
      }),
    };
    const job: Job = { id: randomUUID(), createdAt: now, order, progress: { state: "preparing" } };
    await this.#runner.holding(job.id, async () => {
      this.#ports.checkpoint("before:preparing");
      await this.#insert(job, () => this.#checkCap(payment));
      this.#ports.checkpoint("after:preparing");
      // Preparing takes a while: the lease must be renewed meanwhile.
      this.#runner.look();
      this.#changed();
      try {
        await prepare(this.#runner.context, job, { ...bytesOf("start", start), ...bytesOf("end", end) });
      } catch (error) {
        await this.#withdraw(job, error);
      }
    });
    return job.id;
  }

  /**
   * Cancels a job before it is sent, or asks the service to. What the service grants shows in the job.
   * @throws {ProblemError} `notPossibleNow`.
   */
  async cancel(id: string): Promise<void> {
    const job = await this.#decide(id, (current) => cancelled(current, this.#ports.now()));
    if (job.progress.state === "cancelled") {
      await removeCopies(this.#ports, id);
    }
  }

  /**
   * Sends a job again that failed, or that the user knows may be paid twice. With `hosting`, its images go that way now.
   * @throws {ProblemError} `notPossibleNow`, or about the monthly cap; then nothing is sent.
   */
  async sendAgain(id: string, payment: Payment, hosting?: UploadKind): Promise<void> {
    await this.#keepingNamed(id, (job) => {
      const change = sentAgain(job, payment, hosting);
      if (change !== undefined) {
        this.#checkCap(payment);
      }
      return { change, isForgotten: () => true };
    });
  }

  /** A decision with which the request that an unclear answer has named may be forgotten: then it becomes a job of its own. */
  async #keepingNamed(
    id: string,
    decide: (job: Job) => { change: Change | undefined; isForgotten: (named: string) => boolean },
  ): Promise<void> {
    const named: { before: Job; requestId: string }[] = [];
    await this.#decide(id, (job) => {
      const { change, isForgotten } = decide(job);
      const requestId = idOf(job.progress);
      const isKept = change !== undefined && requestId !== undefined && isForgotten(requestId);
      // The transaction may run twice.
      named.splice(0, 1, ...(isKept ? [{ before: job, requestId }] : []));
      return change;
    });
    for (const { before, requestId } of named) {
      await whenFree(() => keepBesides(this.#runner.context, before, asUnclear(before.progress), requestId));
      this.#changed();
    }
  }

  /**
   * What this calendar month has cost so far; as it was last read, while the journal is locked.
   * @throws {ProblemError} `journalBusy` where it was never read before.
   */
  spend(): Spend {
    try {
      this.#spend = this.#spendNow();
      return this.#spend;
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
      if (this.#spend === undefined) {
        throw new ProblemError({ code: "journalBusy" }, { cause: error });
      }
      return this.#spend;
    }
  }

  #spendNow(): Spend {
    return this.#journal.charges.spend(monthStart(this.#ports.now()));
  }

  /** The tokens that the jobs under way were sent with, by their names. */
  tokensInUse(): string[] {
    return this.#journal.tokensInUse();
  }

  /**
   * Gives a job whose answer got lost the request id that the user found at the service, also after it was dropped.
   * @throws {ProblemError} `argumentInvalid` when it is no request id, `requestFollowed` when another job has it.
   */
  async adopt(id: string, requestId: string): Promise<void> {
    const parsed = parseRequestId(requestId);
    if (this.list().some((other) => other.id !== id && requestIdOf(other.progress) === parsed)) {
      throw new ProblemError({ code: "requestFollowed" });
    }
    await this.#keepingNamed(id, (job) => ({
      change: adopted(job, parsed, this.#ports.now()),
      isForgotten: (named) => named !== parsed,
    }));
  }

  /** Goes on with a job that stands, for example after room was made on the disk. */
  async retry(id: string): Promise<void> {
    await this.#decide(id, retried);
  }

  /**
   * Saves a job's video into another folder.
   * @throws {ProblemError} `folderUnusable` when that folder will not do either.
   */
  async chooseFolder(id: string, folder: string): Promise<void> {
    const root = await checkWritable(folder);
    await this.#decide(id, (job) => moved(job, folder, root));
  }

  /** Lets this job alone download from the host that it stands at. */
  async trustHost(id: string): Promise<void> {
    await this.#decide(id, trusted);
  }

  /**
   * No longer watches a request. It may go on at the service, and cost; *Take Up Again* goes on.
   * @throws {ProblemError} `notPossibleNow`
   */
  async stopWatching(id: string): Promise<void> {
    await this.#decide(id, (job) => stopped(job, this.#ports.now()));
  }

  /** Gives a job up that stands. It stays in the list as failed, with its request id where it has one. */
  async drop(id: string): Promise<void> {
    await this.#decide(id, (job) => dropped(job, this.#ports.now()));
  }

  /**
   * Takes an ended job out of the list. Its video and recipe stay where they are.
   * @throws {ProblemError} `notPossibleNow` while it is not ended.
   */
  async remove(id: string): Promise<void> {
    await whenFree(() => this.#find(id));
    this.#ports.checkpoint("before:removed");
    // First the row, as it stands at this very moment: it may have become a job under way.
    const job = await whenFree(() => this.#journal.remove(id));
    this.#ports.checkpoint("after:removed");
    if (job === undefined) {
      throw new ProblemError({ code: "notPossibleNow", state: this.#find(id).progress.state });
    }
    this.#changed();
    await clearUp(this.#journal, this.#ports, job);
  }

  /**
   * Makes a job of a request whose id the user knows, so that its video is fetched.
   * @throws {ProblemError} `argumentInvalid` or `folderUnusable`.
   */
  async recover(requestId: string, target: { service: string; folder: string }): Promise<string> {
    const parsed = parseRequestId(requestId);
    const root = await checkWritable(target.folder);
    const known = this.list().find(
      ({ order, progress }) =>
        requestIdOf(progress) === parsed &&
        order.service === target.service &&
        (!isEnded(progress) || canBeTakenUp(progress)),
    );
    if (known !== undefined) {
      if (isEnded(known.progress)) {
        await this.retry(known.id);
      }
      return known.id;
    }
    const now = this.#ports.now();
    const id = randomUUID();
    const order: Order = {
      start: { kind: "unknown" },
      end: { kind: "unknown" },
      prompt: "",
      parameters: { seed: 0 },
      ...target,
      root,
      name: fileNameFor(`recovered-${parsed}`, {
        start: "",
        end: "",
        prompt: "",
        parameters: { seed: 0 },
        now: new Date(now),
      }),
    };
    this.#ports.checkpoint("before:recovered");
    await this.#insert({ id, createdAt: now, order, progress: { state: "queued", requestId: parsed } });
    this.#ports.checkpoint("after:recovered");
    this.#changed();
    this.#runner.wake(id);
    return id;
  }

  /**
   * Holds a payment against the monthly cap. Inside a transaction of the journal, so that two windows cannot both take
   * what is left.
   */
  #checkCap(payment: Payment): void {
    checkCap(this.#spendNow(), payment);
  }

  /** @throws {ProblemError} of `check`, `journalBusy`, or `folderUnusable` when there is no room for the journal. */
  async #insert(job: Job, check?: () => void): Promise<void> {
    try {
      await whenFree(() => this.#journal.insert(job, this.#runner.owner, this.#runner.stamp(), check));
    } catch (error) {
      throw storageProblem(error, this.#ports.storage);
    }
  }

  /**
   * Takes a job back that could not be prepared. Where that is not possible either, the job stays in the list and goes
   * on: whoever sees it there must not have been told that there is none.
   * @throws what the preparation failed with, once there is no job any more.
   */
  async #withdraw(job: Job, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) {
      // The user cancelled it meanwhile, or another window prepares it.
      return;
    }
    const now = this.#ports.now();
    try {
      const withdrawn = await patiently(() =>
        this.#journal.change(
          job.id,
          ({ progress }) =>
            progress.state === "preparing" ? { progress: { state: "cancelled" }, endedAt: now } : undefined,
          this.#runner.owner,
        ),
      );
      if (withdrawn === undefined) {
        return;
      }
      const removed = await patiently(() => this.#journal.remove(job.id));
      if (removed !== undefined) {
        await clearUp(this.#journal, this.#ports, removed);
      }
    } catch (failure) {
      this.#ports.log(
        `${job.id} cannot be taken back: ${failure instanceof Error ? failure.message : String(failure)}`,
      );
      return;
    }
    this.#changed();
    throw storageProblem(error, this.#ports.storage);
  }

  /** Another window's commit touches the folder. That is a help only: not every system and file system tells of it. */
  #watch(): void {
    const failed = (error: unknown) => {
      this.#watcher?.close();
      this.#watcher = undefined;
      this.#ports.log(`the journal is looked at now and then: ${messageOf(error)}`);
    };
    try {
      this.#watcher = watch(this.#ports.storage, () => {
        this.#following ??= setTimeout(() => {
          this.#following = undefined;
          this.#follow();
        }, commitTime);
      });
      this.#watcher.on("error", failed);
    } catch (error) {
      // The system has no watches left.
      failed(error);
    }
  }

  /** Looks whether another window has changed anything. */
  #follow(): void {
    try {
      // Views that were given the list of before are to look again, too.
      const isBehind = this.#journal.isBehind;
      if (this.#journal.changedByOthers() || isBehind) {
        this.#changed();
        this.#runner.look();
      }
    } catch (error) {
      this.#ports.log(`the journal cannot be read: ${messageOf(error)}`);
      this.#followSoon();
    }
  }

  /** Looks again where the journal is locked. */
  #followSoon(): void {
    this.#following ??= setTimeout(() => {
      this.#following = undefined;
      this.#follow();
    }, lockedPause);
  }

  #find(id: string): Job {
    const job = this.#journal.get(id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  }

  /**
   * A user's decision, from any window: whoever holds the lease sees it at its next step.
   * @throws {ProblemError} `jobUnknown`, `notPossibleNow` or `journalBusy`.
   */
  async #decide(id: string, decide: (job: Job) => Change | undefined): Promise<Job> {
    const job = await whenFree(() => this.#find(id));
    this.#ports.checkpoint("before:decision");
    const after = await whenFree(() => this.#journal.change(id, decide)).catch((error: unknown) => {
      throw storageProblem(error, this.#ports.storage);
    });
    this.#ports.checkpoint("after:decision");
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
        // A view that cannot read the journal at this moment must not stop what told it of the change.
        this.#ports.log(`a view failed: ${messageOf(error)}`);
      }
    }
  }
}

/** What only tells somebody of something cannot stop what it tells of: a closing window's log and notifications throw. */
function harmless(ports: Ports): Ports {
  const guarded =
    (tell: (text: string) => void) =>
    (text: string): void => {
      try {
        tell(text);
      } catch {
        // There is nobody left to be told.
      }
    };
  return {
    ...ports,
    log: guarded(ports.log),
    leftBehind: guarded(ports.leftBehind),
    answerUnsaved: guarded(ports.answerUnsaved),
  };
}

/** A request whose answer was not clear, as a job of its own that its user can decide about. */
function asUnclear(progress: Progress): Progress {
  return progress.state === "failed" ? { state: "unclear", problem: progress.problem } : progress;
}

function nameOf(source: ImageSource): string {
  return source.kind === "file" ? source.path : source.url;
}

function parseRequestId(text: string): string {
  const parsed = requestIdSchema.safeParse(text.trim());
  if (!parsed.success) {
    throw new ProblemError({ code: "argumentInvalid", argument: "requestId" });
  }
  return parsed.data;
}
