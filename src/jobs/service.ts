import { randomUUID } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { newName } from "../hosting/place.ts";
import { checkCap, monthStart, type Payment, type Spend } from "../model/budget.ts";
import { checkDraft, type ImageSource } from "../model/draft.ts";
import type { HostingKind, UploadKind } from "../model/hosting.ts";
import { randomSeed } from "../model/parameters.ts";
import type { PairPlans } from "../model/plan.ts";
import { ProblemError } from "../model/problem.ts";
import { fileNameFor } from "../output/naming.ts";
import { removeTemporary } from "../output/save.ts";
import { checkWritable } from "../output/target.ts";
import { requestIdSchema } from "../runcomfy/wire.ts";
import { CostAsker } from "./costs.ts";
import { adopted, cancelled, dropped, estimateField, moved, retried, sentAgain, trusted } from "./decisions.ts";
import { bytesOf, freeze } from "./freeze.ts";
import { removeCopies, removeOrphans } from "./images.ts";
import { isEnded, type Job, type Order } from "./job.ts";
import type { Change, Journal } from "./journal.ts";
import { newOwner } from "./owner.ts";
import type { Ports } from "./ports.ts";
import { prepare } from "./preparing.ts";
import { Runner } from "./runner.ts";
import { LeaseLost } from "./stepContext.ts";
import { storageProblem } from "./storage.ts";
import { Uploads } from "./uploads.ts";

/** What Generate hands over: the draft as it stands on screen, and where its video goes. */
export interface Submission {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  readonly parameters: unknown;
  /** How each image file is brought to the video's frame; without a plan, its middle is kept. */
  readonly plans?: PairPlans | undefined;
  /** How image files get to the service; without it, inside the request. */
  readonly hosting?: HostingKind | undefined;
  /** SHA-256 of each picture's file as its user has seen it, hex; a file that differs is not sent (`imageChanged`). */
  readonly seen?: { readonly start?: string | undefined; readonly end?: string | undefined } | undefined;
  /** Origin of the service. */
  readonly service: string;
  /** Absolute folder. */
  readonly folder: string;
  /** File name template (`output/naming.ts`). */
  readonly fileName: string;
  readonly payment: Payment;
}

/** A commit touches the folder several times within this time, ms: one look is enough, and none in the middle waits for its lock. */
const commitTime = 20;

/** All jobs of the user, and what the user can do with them. It owns the truth; views ask it and listen. */
export class JobService {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #runner: Runner;
  readonly #costs: CostAsker;
  readonly #listeners = new Set<() => void>();
  /** The jobs' images on the user's storage. */
  readonly uploads: Uploads;
  #watcher: FSWatcher | undefined;
  #following: NodeJS.Timeout | undefined;

  constructor(journal: Journal, ports: Ports) {
    this.#journal = journal;
    this.#ports = ports;
    const owner = newOwner();
    const changed = () => this.#changed();
    this.uploads = new Uploads(journal, ports, owner, changed);
    this.#runner = new Runner({ journal, ports, owner, uploads: this.uploads, changed });
    this.#costs = new CostAsker(journal, ports, changed);
  }

  /** Goes on with all unfinished jobs and follows what other windows do to the journal. */
  start(): void {
    // Another window's commit touches the folder: no timer is needed to notice it.
    this.#watcher = watch(this.#ports.storage, () => {
      this.#following ??= setTimeout(() => {
        this.#following = undefined;
        this.#follow();
      }, commitTime);
    });
    this.#watcher.on("error", () => this.#watcher?.close());
    this.#runner.wake();
    this.uploads.look();
    this.#costs.look();
    void this.#tidy();
  }

  async dispose(): Promise<void> {
    this.#watcher?.close();
    clearTimeout(this.#following);
    this.#costs.dispose();
    await this.uploads.dispose();
    await this.#runner.dispose(() => this.#journal.close());
  }

  /** Calls back after every change of any job, by whichever window. Gives a function that ends it. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All jobs, newest first. */
  list(): Job[] {
    return this.#journal.list();
  }

  get(id: string): Job | undefined {
    return this.#journal.get(id);
  }

  /** Makes every job due at once: a new token, the window back in front. */
  wake(): void {
    this.#runner.wakeAll();
    this.uploads.look();
  }

  /** True for one caller over all windows: the one that tells the user of this job's end. */
  claimNotification(id: string): boolean {
    return this.#journal.claimNotification(id);
  }

  /**
   * Freezes a draft into a job: from here on neither the originals nor the settings matter to it.
   * @returns the job's id, once the job is durable and about to be sent.
   * @throws {ProblemError} about the draft, an image, the token, the storage, the folder or the monthly cap; then there is
   * no job and nothing was sent.
   */
  async submit(submission: Submission): Promise<string> {
    const draft = checkDraft(submission);
    if ((await this.#ports.tokenInUse()) === undefined) {
      throw new ProblemError({ code: "tokenMissing" });
    }
    const { hosting = "dataUri" } = submission;
    if (hosting !== "dataUri" && [draft.start, draft.end].some(({ kind }) => kind === "file")) {
      await this.#ports.hosting.storage.place(hosting, newName());
    }
    const start = await freeze(draft.start, submission.plans?.start);
    const end = await freeze(draft.end, submission.plans?.end);
    const root = await checkWritable(submission.folder);
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
      ...estimateField(submission.payment),
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
      this.#insert(job, () => this.#checkCap(submission.payment));
      this.#ports.checkpoint("after:preparing");
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
    const job = this.#decide(id, (current) => cancelled(current, this.#ports.now()));
    if (job.progress.state === "cancelled") {
      await removeCopies(this.#ports, id);
    }
  }

  /**
   * Sends a job again that failed, or that the user knows may be paid twice. With `hosting`, its images go that way now.
   * @throws {ProblemError} `notPossibleNow`, or about the monthly cap; then nothing is sent.
   */
  sendAgain(id: string, payment: Payment, hosting?: UploadKind): void {
    this.#decide(id, (job) => {
      const change = sentAgain(job, payment, hosting);
      if (change !== undefined) {
        this.#checkCap(payment);
      }
      return change;
    });
  }

  /** What this calendar month has cost so far. */
  spend(): Spend {
    return this.#journal.charges.spend(monthStart(this.#ports.now()));
  }

  /** The tokens that the jobs under way were sent with, by their names. */
  tokensInUse(): string[] {
    return this.#journal.tokensInUse();
  }

  /**
   * Gives a job whose answer got lost the request id that the user found at the service, also after it was dropped.
   * @throws {ProblemError} `argumentInvalid` when it is no request id.
   */
  adopt(id: string, requestId: string): void {
    const parsed = parseRequestId(requestId);
    this.#decide(id, (job) => adopted(job, parsed, this.#ports.now()));
  }

  /** Goes on with a job that stands, for example after room was made on the disk. */
  retry(id: string): void {
    this.#decide(id, retried);
  }

  /**
   * Saves a job's video into another folder.
   * @throws {ProblemError} `folderUnusable` when that folder will not do either.
   */
  async chooseFolder(id: string, folder: string): Promise<void> {
    const root = await checkWritable(folder);
    this.#decide(id, (job) => moved(job, folder, root));
  }

  /** Lets this job alone download from the host that it stands at. */
  trustHost(id: string): void {
    this.#decide(id, trusted);
  }

  /** Gives a job up that stands. It stays in the list as failed, with its request id where it has one. */
  async drop(id: string): Promise<void> {
    this.#decide(id, (job) => dropped(job, this.#ports.now()));
  }

  /**
   * Takes an ended job out of the list. Its video and recipe stay where they are.
   * @throws {ProblemError} `notPossibleNow` while it is not ended.
   */
  async remove(id: string): Promise<void> {
    const job = this.#find(id);
    if (!isEnded(job.progress)) {
      throw new ProblemError({ code: "notPossibleNow", state: job.progress.state });
    }
    // The journal comes last: what it does not know any more, nobody would ever clear up.
    await removeTemporary(job).catch(() => undefined);
    this.#ports.checkpoint("temporaryRemoved");
    await removeCopies(this.#ports, id);
    this.#ports.checkpoint("before:removed");
    this.#journal.remove(id);
    this.#ports.checkpoint("after:removed");
    this.#changed();
  }

  /**
   * Makes a job of a request whose id the user knows, so that its video is fetched.
   * @throws {ProblemError} `argumentInvalid` or `folderUnusable`.
   */
  async recover(requestId: string, target: { service: string; folder: string }): Promise<string> {
    const parsed = parseRequestId(requestId);
    const root = await checkWritable(target.folder);
    const known = this.list().find(
      (job) => "requestId" in job.progress && job.progress.requestId === parsed && !isEnded(job.progress),
    );
    if (known !== undefined) {
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
    this.#insert({ id, createdAt: now, order, progress: { state: "queued", requestId: parsed } });
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
    checkCap(this.spend(), payment);
  }

  /** @throws {ProblemError} of `check`, or `folderUnusable` when there is no room for the journal. */
  #insert(job: Job, check?: () => void): void {
    try {
      this.#journal.insert(job, this.#runner.owner, this.#runner.leaseEnd(), check);
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
    const { owner } = this.#runner;
    const now = this.#ports.now();
    try {
      const withdrawn = this.#journal.change(
        job.id,
        ({ progress }) =>
          progress.state === "preparing" ? { progress: { state: "cancelled" }, endedAt: now } : undefined,
        { owner, now },
      );
      if (withdrawn === undefined) {
        return;
      }
      await removeCopies(this.#ports, job.id);
      this.#journal.remove(job.id);
    } catch (failure) {
      this.#ports.log(
        `${job.id} cannot be taken back: ${failure instanceof Error ? failure.message : String(failure)}`,
      );
      return;
    }
    this.#changed();
    throw storageProblem(error, this.#ports.storage);
  }

  /** Looks whether another window has changed anything. */
  #follow(): void {
    try {
      if (this.#journal.changedByOthers()) {
        this.#changed();
        this.#runner.look();
      }
    } catch (error) {
      // Locked for long: the runner's own look comes back to it.
      this.#ports.log(`the journal cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      this.#runner.look();
    }
  }

  /** Lets go of what ended long ago, and of copies whose job is gone. */
  async #tidy(): Promise<void> {
    try {
      this.#journal.prune(this.#ports.now() - this.#ports.limits().keepEnded);
      await removeOrphans(this.#ports, (id) => this.#journal.get(id) !== undefined);
    } catch (error) {
      this.#ports.log(`tidying up failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #find(id: string): Job {
    const job = this.#journal.get(id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  }

  /** A user's decision, from any window: whoever holds the lease sees it at its next step. */
  #decide(id: string, decide: (job: Job) => Change | undefined): Job {
    const job = this.#find(id);
    this.#ports.checkpoint("before:decision");
    const after = this.#journal.change(id, decide);
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
        this.#ports.log(`a view failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
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
