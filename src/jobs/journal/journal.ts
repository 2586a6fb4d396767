import type { SQLInputValue } from "node:sqlite";
import { stateTable } from "../../shared/jobs/states.ts";
import { cancelAfter, idOf, isActive, isEnded, type Job, requestIdOf } from "../job.ts";
import { type Besides, droppedBy, endOf } from "./besides.ts";
import { type Change, checkEstimate, goesOnAgain } from "./change.ts";
import { Charges } from "./charges.ts";
import { Database } from "./database.ts";
import { JobList } from "./jobList.ts";
import { idsOf, jobColumns, jobOf, type Listed, mustBeReadable, storedJson } from "./jobRows.ts";
import { LeaseBook } from "./leaseBook.ts";
import { wasSetAside } from "./mend.ts";
import { merged } from "./merge.ts";
import { prune } from "./prune.ts";
import { RequestsBesides } from "./requestsBesides.ts";
import { Sendings } from "./sendings.ts";
import { type SqlRow, sqlList, whenFree } from "./sql.ts";
import { tokensInUse } from "./tokens.ts";
import { UploadBook } from "./uploads.ts";

/** A request that takes longer than this no longer blocks others, ms. */
const draggingOn = 3_600_000;
/** How long we keep what a journal that was set aside may still need, ms. */
const asideMatters = 30 * 24 * 3_600_000;
/** How long opening waits for a lock, ms. */
const openingPatience = 10_000;

/**
 * The durable record of all jobs of a user, shared by all windows: one SQLite file, each change committed to disk before
 * it counts. A lease per job says which window acts on it. Rows that this version cannot read are left alone.
 *
 * Every call is synchronous and throws the lock's error at once where another window has the file locked (`patiently`
 * tries again); only the list of jobs is then given as it was last read.
 */
export class Journal {
  readonly #db: Database;
  /** What the jobs have cost. It outlives them. */
  readonly charges: Charges;
  readonly leases: LeaseBook;
  readonly uploads: UploadBook;
  /** The POSTs that were decided on. They are known outside the file, too. */
  readonly sendings: Sendings;
  readonly #list: JobList;
  readonly #requests: RequestsBesides;
  #version: string | undefined;
  #lastSaved: { readonly of: Listed; readonly jobs: Job[] } | undefined;

  private constructor(db: Database, wentBack: () => void) {
    this.#db = db;
    this.sendings = new Sendings(db.file);
    this.#list = new JobList(db, this.sendings, wentBack);
    this.charges = new Charges(db);
    this.leases = new LeaseBook(db, () => this.readableActive());
    this.uploads = new UploadBook(db, (job) => this.#list.look().unreadable.has(job));
    this.#requests = new RequestsBesides(db, this.charges, this.uploads, (id) => void this.#wrote(id));
  }

  /**
   * Opens or creates the journal, as `openJournalFile` does. Throws the lock's error if another window holds a lock.
   * @param wentBack called when the file was emptied or got older content, and this window has put back what it knew.
   * @throws {ProblemError} `journalNewer`
   */
  static open(
    file: string,
    setAside: (path: string) => void = () => undefined,
    wentBack: () => void = () => undefined,
  ): Journal {
    return new Journal(new Database(file, setAside), wentBack);
  }

  /**
   * Opens the journal and reads its list as soon as no other window has it locked, so that there always is a list to show.
   * @throws {ProblemError} `journalNewer`, or `journalBusy` after ten seconds.
   */
  static async opened(
    file: string,
    setAside?: (path: string) => void,
    patience = openingPatience,
    wentBack?: () => void,
  ): Promise<Journal> {
    return whenFree(() => {
      const journal = Journal.open(file, setAside, wentBack);
      try {
        journal.list();
        return journal;
      } catch (error) {
        journal.close();
        throw error;
      }
    }, patience);
  }

  close(): void {
    this.#db.close();
  }

  /**
   * Adds a job under the lease of `owner`, with its first stamp.
   * @param first runs in the same transaction. If it throws, the journal stays as it was.
   * @throws {ProblemError} `argumentInvalid` for an estimate that no video costs.
   */
  insert(
    job: Pick<Job, "id" | "createdAt" | "order" | "progress" | "sentWith">,
    owner: string,
    stamp: number,
    first: () => void = () => undefined,
  ): void {
    const [progress, order] = [JSON.stringify(job.progress), JSON.stringify(job.order)];
    checkEstimate(job.order);
    mustBeReadable(progress, order);
    this.#db.transaction(() => {
      first();
      this.#db.run(
        `INSERT INTO jobs (id, created_at, state, progress, "order", sent_with, owner, owned_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[job.id, job.createdAt, job.progress.state, progress, order, job.sentWith ?? null, owner, stamp],
      );
      this.#wrote(job.id);
    });
  }

  /** Does short work on files while no other window does such work. */
  alone<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  /** Keeps a request that may be paid, of a job that is not in the list any more, as a job of its own; once. */
  keep(gone: Job, besides: Besides): void {
    this.#db.transaction(() => this.#requests.keep(gone, besides));
  }

  /** A row as it stands now is known at once, whatever becomes of the file. */
  #wrote(id: string): Job | undefined {
    const row = this.#row("id = ?", id);
    const job = row && jobOf(row);
    if (row !== undefined && job !== undefined) {
      this.#list.wrote(row, job);
    }
    return job;
  }

  /** A job, other than one, that has a request of a service: by its id, or as one that an unclear answer has named. */
  having(requestId: string, service: string, besides?: string): Job | undefined {
    return this.list().find(
      ({ id, order, progress }) => id !== besides && idOf(progress) === requestId && order.service === service,
    );
  }

  /**
   * Removes an ended job from the list. Its row stays until `forget`, so that this session or the next cleans up what the
   * job left on disk.
   * @returns the job; undefined if no such job has ended, and then nothing changed.
   */
  remove(id: string): Job | undefined {
    return this.removeAll([id])[0];
  }

  /** Removes those of these jobs that have ended and that `mayGo` lets go, in one transaction. Gives them. */
  removeAll(ids: readonly string[], mayGo: (job: Job) => boolean = () => true): readonly Job[] {
    const removed = this.#db.transaction(() =>
      ids.flatMap((id) => {
        const job = this.get(id);
        if (job === undefined || !isEnded(job.progress) || !mayGo(job)) {
          return [];
        }
        this.#db.run(
          `UPDATE jobs SET removed = 1, revision = revision + 1 WHERE id = ? AND state IN ${sqlList("ended")}`,
          id,
        );
        this.#list.touch(id);
        return [job];
      }),
    );
    this.sendings.never(...removed);
    return removed;
  }

  /** The jobs that were removed and not yet forgotten. */
  removed(): Job[] {
    return this.#db
      .all(`SELECT ${jobColumns} FROM jobs WHERE removed <> 0 AND state IN ${sqlList("ended")}`)
      .flatMap((row) => jobOf(row) ?? []);
  }

  /** Deletes the row of a job that was removed. */
  forget(...ids: readonly string[]): void {
    this.#db.transaction(() => {
      for (const id of ids) {
        this.#db.run(`DELETE FROM jobs WHERE id = ? AND removed <> 0 AND state IN ${sqlList("ended")}`, id);
      }
    });
  }

  /** The current state of a job. */
  get(id: string): Job | undefined {
    const row = this.#row("id = ?", id);
    return row === undefined ? undefined : jobOf(row);
  }

  /** All jobs, newest first. Gives the same array as long as nothing changed, and while the file is locked. */
  list(): readonly Job[] {
    return this.#list.look().jobs;
  }

  /** How many rows this version cannot read: a later one wrote them. */
  unreadable(): number {
    return this.#list.look().unreadable.size;
  }

  /** True if the last call of `list` gave an older list because the file was locked. */
  get isBehind(): boolean {
    return this.#list.isBehind;
  }

  /** True if the file has a row of the job, readable by this version or not. */
  has(id: string): boolean {
    return idsOf(this.#db, "id = ?", id).length > 0;
  }

  /** True if the journal was unreadable not long ago: files without a row may still belong to a job. */
  wasSetAside(now: number): boolean {
    return wasSetAside(this.#db.file, now, asideMatters);
  }

  /** The jobs that were saved last, newest first. Run times are estimated from them. */
  lastSaved(): readonly Job[] {
    const listed = this.#list.look();
    if (this.#lastSaved?.of !== listed) {
      const saved = listed.jobs.filter(({ progress }) => progress.state === "saved");
      saved.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
      this.#lastSaved = { of: listed, jobs: saved.slice(0, 100) };
    }
    return this.#lastSaved.jobs;
  }

  /**
   * Removes the jobs that ended before a time (ms), one week after a window first noticed that. It removes none by a clock
   * that is far ahead of everything in the journal, and none that proves younger once the clock is right again.
   */
  prune(before: number, now: number): void {
    prune(this.#db, this.#list, before, now);
  }

  /** How many jobs the program has something to do in, whoever owns them. */
  countActive(): number {
    return this.readableActive().length;
  }

  /** Ids of the jobs that the program has something to do in and that this version can read: no other may be leased. */
  readableActive(): string[] {
    return this.list()
      .filter(({ progress }) => isActive(progress))
      .map(({ id }) => id);
  }

  /**
   * How many jobs the service is at, or may be at, at `now` (ms). One that drags on does not count, nor does one that the
   * service does not know, nor one that this version cannot read: nobody here would ever see its end.
   */
  countAtService(now: number): number {
    const isFresh = ({ submittedAt, createdAt }: Job) => Math.abs((submittedAt ?? createdAt) - now) <= draggingOn;
    const isDenied = ({ progress }: Job) => "problem" in progress && progress.problem?.code === "requestUnknown";
    const counts = (job: Job) => job.progress.state === "submitting" || (isFresh(job) && !isDenied(job));
    return this.list().filter((job) => stateTable[job.progress.state].atService && counts(job)).length;
  }

  /** True when another window or process committed since the last call. */
  changedByOthers(): boolean {
    const version = this.#db.version();
    const changed = version !== this.#version;
    this.#version = version;
    return changed;
  }

  /**
   * Changes a job in one transaction, given its state of this very moment. `decide` gives the change, or undefined to
   * leave it. With `owner`, only while that owner holds the lease. What a later version has put into the row stays. A request
   * that the job named and does not name any more becomes a job of its own, and no job ends as if an earlier POST of it that
   * got lost had never been (`besides.ts`).
   * @returns the job after the change; undefined when nothing was changed.
   * @throws {ProblemError} `argumentInvalid` for an estimate that no video costs.
   */
  change(id: string, decide: (job: Job) => Change | undefined, owner?: string): Job | undefined {
    const after = this.#changeNow(id, decide, owner);
    if (after?.progress.state === "cancelled" && after.progress.requestId === undefined) {
      this.sendings.never(after);
    }
    return after;
  }

  #changeNow(id: string, decide: (job: Job) => Change | undefined, owner: string | undefined): Job | undefined {
    return this.#db.transaction(() => {
      const row = owner === undefined ? this.#row("id = ?", id) : this.#row("id = ? AND owner = ?", id, owner);
      const job = row === undefined ? undefined : jobOf(row);
      const change = job === undefined ? undefined : decide(job);
      if (row === undefined || job === undefined || change === undefined) {
        return undefined;
      }
      const order = change.order ?? job.order;
      const progress = endOf(change.progress ?? job.progress, order);
      const asked = change.cancel === undefined ? job.cancel : change.cancel === "none" ? undefined : change.cancel;
      const cancel = cancelAfter(progress, asked);
      if (order.estimate !== job.order.estimate) {
        checkEstimate(order);
      }
      const stored = storedJson(row);
      const progressText = JSON.stringify(merged(stored.progress, job.progress, progress));
      const orderText = JSON.stringify(merged(stored.order, job.order, order));
      mustBeReadable(progressText, orderText);
      this.#db.run(
        `UPDATE jobs SET state = ?, progress = ?, "order" = ?, submitted_at = ?, running_at = ?, ran_until = ?, ended_at = ?, cancel = ?, sent_with = ?, revision = revision + 1, notified = CASE WHEN ? THEN 0 ELSE notified END WHERE id = ?`,
        progress.state,
        progressText,
        orderText,
        change.submittedAt ?? job.submittedAt ?? null,
        change.runningAt ?? job.runningAt ?? null,
        change.ranUntil ?? job.ranUntil ?? null,
        isEnded(progress) ? (change.endedAt ?? job.endedAt ?? null) : null,
        cancel ?? null,
        change.sentWith ?? job.sentWith ?? null,
        goesOnAgain(job.progress, progress) && change.quietly === undefined ? 1 : 0,
        id,
      );
      const after = this.#wrote(id);
      if (after !== undefined) {
        const isSettled = change.settled === true;
        this.charges.note(job, after, isSettled);
        for (const besides of [droppedBy(job, progress), change.besides]) {
          if (besides !== undefined) {
            this.#requests.keep(job, besides);
          }
        }
        this.uploads.note(job, after, this.charges.lost(id), isSettled);
      }
      return after;
    });
  }

  /** Writes down what the service says, at last, that a request cost (USD). */
  tellCost(id: string, requestId: string, cost: number): void {
    this.#db.transaction(() => {
      this.charges.tell(requestId, cost);
      const row = this.#row("id = ?", id);
      const progress = row === undefined ? undefined : jobOf(row)?.progress;
      if (row !== undefined && progress !== undefined && isEnded(progress) && requestIdOf(progress) === requestId) {
        const text = JSON.stringify(merged(storedJson(row).progress, progress, { ...progress, cost }));
        this.#db.run("UPDATE jobs SET progress = ?, revision = revision + 1 WHERE id = ?", text, id);
        this.#list.touch(id);
      }
    });
  }

  /** The tokens that may still be needed, by their names: of jobs under way, of those that can go on, and for costs not told. */
  tokensInUse(): string[] {
    return tokensInUse(this.#db, this.#list.look(), this.charges);
  }

  /** Ids of the jobs at rest that nobody has told the user about: the window that was to do so has ended. */
  untold(): string[] {
    return idsOf(
      this.#db,
      `removed = 0 AND notified = 0 AND (state IN ${sqlList("ended")} OR state IN ${sqlList("user")})`,
    );
  }

  /** True for the first caller only, over all windows: the one that tells the user where a job came to rest. */
  claimNotification(id: string): boolean {
    const sql = "UPDATE jobs SET notified = 1 WHERE id = ? AND notified = 0";
    return this.#db.transaction(() => this.get(id) !== undefined && this.#db.run(sql, id) === 1);
  }

  #row(condition: string, ...values: SQLInputValue[]): SqlRow | undefined {
    return this.#db.get(`SELECT ${jobColumns} FROM jobs WHERE removed = 0 AND ${condition}`, ...values);
  }
}
