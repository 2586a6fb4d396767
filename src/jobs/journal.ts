import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { Charges } from "./charges.ts";
import {
  cancelAfter,
  isEnded,
  type Job,
  needsUser,
  type Order,
  orderSchema,
  type Progress,
  progressSchema,
  requestIdOf,
  type State,
  stateSchema,
} from "./job.ts";
import { openJournalFile } from "./journalFile.ts";
import { inTransaction, json, prepared } from "./sql.ts";
import { UploadBook } from "./uploadBook.ts";

/** States in which the program itself has something to do. */
const activeStates = "('preparing','waiting','submitting','queued','running','downloading')";

const rowSchema = z.object({
  id: z.string(),
  created_at: z.number(),
  submitted_at: z.number().nullable(),
  running_at: z.number().nullable(),
  ran_until: z.number().nullable(),
  ended_at: z.number().nullable(),
  cancel: z.enum(["asked", "tooLate"]).nullable(),
  sent_with: z.string().nullable(),
  progress: z.string(),
  order: z.string(),
});
type Row = z.infer<typeof rowSchema>;
const rowsSchema = z.array(rowSchema);
const idsSchema = z.array(z.object({ id: z.string() }));
const ownedSchema = z.array(z.object({ id: z.string(), state: stateSchema }));
const namesSchema = z.array(z.object({ name: z.string() }));
const leasesSchema = z.array(
  z.object({ id: z.string(), state: z.string(), owner: z.string().nullable(), stamp: z.number().nullable() }),
);
/** Who acts on an active job, and the last sign of its life. */
export type Lease = z.infer<typeof leasesSchema>[number];
const countSchema = z.object({ n: z.number() });
const versionSchema = z.object({ data_version: z.number() });

/** A request that has not ended after so long no longer counts against the jobs at once, ms. */
const draggingAfter = 3_600_000;

/** What may change in a job. Undefined leaves a field as it is. */
export interface Change {
  readonly progress?: Progress;
  readonly order?: Order;
  readonly submittedAt?: number;
  readonly runningAt?: number;
  readonly ranUntil?: number;
  readonly endedAt?: number;
  readonly cancel?: "asked" | "tooLate" | "none";
  readonly sentWith?: string;
  /** What became of the POST that was called unclear is known after all: it was not paid. */
  readonly settled?: true;
  /** The user need not be told of the next end again. */
  readonly quietly?: true;
}

/**
 * The durable record of all jobs of a user, shared by all windows: one SQLite file, each change committed to disk before
 * it counts. A lease per job says which window acts on it.
 */
export class Journal {
  readonly #db: DatabaseSync;
  /** What the jobs have cost. It outlives them. */
  readonly charges: Charges;
  readonly uploads: UploadBook;
  /** Each row as last read with what it means: lists are read at every change, and most of their rows stay as they are. */
  readonly #known = new Map<string, { readonly row: Row; readonly job: Job | undefined }>();
  #version = 0;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.charges = new Charges(db);
    this.uploads = new UploadBook(db);
  }

  /**
   * Opens or makes the journal, as `openJournalFile` does.
   * @throws {ProblemError} `journalNewer`
   */
  static open(file: string, setAside: (path: string) => void = () => undefined): Journal {
    return new Journal(openJournalFile(file, setAside));
  }

  close(): void {
    if (this.#db.isOpen) {
      this.#db.close();
    }
  }

  /**
   * Adds a job whose lease `owner` has, with its first stamp.
   * @param first done in the same transaction: what it throws leaves the journal as it was.
   */
  insert(
    job: Pick<Job, "id" | "createdAt" | "order" | "progress" | "sentWith">,
    owner: string,
    stamp: number,
    first: () => void = () => undefined,
  ): void {
    inTransaction(this.#db, () => {
      first();
      this.#run(
        `INSERT INTO jobs (id, created_at, state, progress, "order", sent_with, owner, owned_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        job.id,
        job.createdAt,
        job.progress.state,
        JSON.stringify(job.progress),
        JSON.stringify(job.order),
        job.sentWith ?? null,
        owner,
        stamp,
      );
    });
  }

  /** Removes a job and all that is known of it. */
  remove(id: string): void {
    this.#run("DELETE FROM jobs WHERE id = ?", id);
  }

  get(id: string): Job | undefined {
    return this.#select("WHERE id = ?", id)[0];
  }

  /** All jobs, newest first. */
  list(): Job[] {
    const jobs = this.#select("ORDER BY created_at DESC, id");
    if (this.#known.size > 2 * jobs.length + 100) {
      this.#known.clear();
    }
    return jobs;
  }

  /** The jobs that were saved last, newest first: what run times are told from. */
  lastSaved(): Job[] {
    return this.#select("WHERE state = 'saved' ORDER BY ended_at DESC LIMIT 100");
  }

  /** Removes the jobs that ended before a time (ms). */
  prune(before: number): void {
    this.#run("DELETE FROM jobs WHERE state IN ('saved','failed','cancelled') AND ended_at < ?", before);
  }

  /** The jobs in which the program has something to do and whose lease `owner` holds, oldest first. */
  owned(owner: string): { id: string; state: State }[] {
    const sql = `SELECT id, state FROM jobs WHERE owner = ? AND state IN ${activeStates} ORDER BY created_at, id`;
    return ownedSchema.parse(prepared(this.#db, sql).all(owner));
  }

  /** Those of the `owned` jobs that are to be sent. */
  waiting(owner: string): string[] {
    return this.#ids("owner = ? AND state = 'waiting'", owner);
  }

  /** True when `owner` holds the job's lease: nobody else has taken it. */
  holds(id: string, owner: string): boolean {
    return this.#ids("id = ? AND owner = ?", id, owner).length > 0;
  }

  /** How many jobs the program has something to do in, whoever owns them. */
  countActive(): number {
    return this.#count(`state IN ${activeStates}`);
  }

  /** How many jobs the service is at, or may be at, at `now` (ms). One that drags on gives its place to others. */
  countAtService(now: number): number {
    return this.#count(
      `state = 'submitting' OR (state IN ('queued','running') AND coalesce(submitted_at, created_at) BETWEEN ${now - draggingAfter} AND ${now + draggingAfter})`,
    );
  }

  /**
   * Gives the own leases a new stamp, and takes every other active job whose lease `isFree`.
   * @param stamp another one than at the last call. As the time until which versions before this one let a lease hold, ms,
   * it keeps those away too.
   * @returns the leases of all active jobs as they stood before, and whether any was taken over
   */
  claim(owner: string, stamp: number, isFree: (lease: Lease) => boolean): { leases: Lease[]; taken: boolean } {
    return inTransaction(this.#db, () => {
      const sql = `SELECT id, state, owner, owned_until AS stamp FROM jobs WHERE state IN ${activeStates}`;
      const leases = leasesSchema.parse(prepared(this.#db, sql).all());
      const free = leases.filter((lease) => lease.owner !== owner && isFree(lease));
      this.#run(`UPDATE jobs SET owned_until = ? WHERE owner = ? AND state IN ${activeStates}`, stamp, owner);
      for (const { id } of free) {
        this.#run("UPDATE jobs SET owner = ?, owned_until = ? WHERE id = ?", owner, stamp, id);
      }
      return { leases, taken: free.length > 0 };
    });
  }

  /**
   * Gives the leases of an owner back, so that another window goes on at once. A job whose POST is under way keeps its
   * lease: nobody may judge it before its answer has had its chance to be written down.
   */
  release(owner: string): void {
    this.#run("UPDATE jobs SET owner = NULL, owned_until = NULL WHERE owner = ? AND state <> 'submitting'", owner);
  }

  /** True when another window or process committed since the last call. */
  changedByOthers(): boolean {
    const { data_version: version } = versionSchema.parse(prepared(this.#db, "PRAGMA data_version").get());
    const changed = version !== this.#version;
    this.#version = version;
    return changed;
  }

  /**
   * Changes a job in one transaction, given its state of this very moment. `decide` gives the change, or undefined to
   * leave it. With `owner`, only while that owner holds the lease.
   * @returns the job after the change; undefined when nothing was changed.
   */
  change(id: string, decide: (job: Job) => Change | undefined, owner?: string): Job | undefined {
    return inTransaction(this.#db, () => {
      const [job] =
        owner === undefined ? this.#select("WHERE id = ?", id) : this.#select("WHERE id = ? AND owner = ?", id, owner);
      const change = job === undefined ? undefined : decide(job);
      if (job === undefined || change === undefined) {
        return undefined;
      }
      const progress = change.progress ?? job.progress;
      const order = change.order ?? job.order;
      const asked = change.cancel === undefined ? job.cancel : change.cancel === "none" ? undefined : change.cancel;
      const cancel = cancelAfter(progress, asked);
      this.#run(
        `UPDATE jobs SET state = ?, progress = ?, "order" = ?, submitted_at = ?, running_at = ?, ran_until = ?, ended_at = ?, cancel = ?, sent_with = ?, notified = CASE WHEN ? THEN 0 ELSE notified END WHERE id = ?`,
        progress.state,
        JSON.stringify(progress),
        JSON.stringify(order),
        change.submittedAt ?? job.submittedAt ?? null,
        change.runningAt ?? job.runningAt ?? null,
        change.ranUntil ?? job.ranUntil ?? null,
        isEnded(progress) ? (change.endedAt ?? job.endedAt ?? null) : null,
        cancel ?? null,
        change.sentWith ?? job.sentWith ?? null,
        // A job that goes on again has a new end to tell.
        isResting(job.progress) && !isResting(progress) && change.quietly === undefined ? 1 : 0,
        id,
      );
      const after = this.get(id);
      if (after !== undefined) {
        this.charges.note(job, after, change.settled === true);
      }
      return after;
    });
  }

  /** Writes down what the service says, at last, that a request cost (USD). */
  tellCost(id: string, requestId: string, cost: number): void {
    inTransaction(this.#db, () => {
      this.charges.tell(requestId, cost);
      const progress = this.get(id)?.progress;
      if (progress !== undefined && isEnded(progress) && requestIdOf(progress) === requestId) {
        this.#run("UPDATE jobs SET progress = ? WHERE id = ?", JSON.stringify({ ...progress, cost }), id);
      }
    });
  }

  /** The tokens that the jobs under way were sent with, by their names. */
  tokensInUse(): string[] {
    const rows = prepared(
      this.#db,
      "SELECT DISTINCT sent_with AS name FROM jobs WHERE sent_with IS NOT NULL AND state NOT IN ('saved','failed','cancelled')",
    ).all();
    return namesSchema.parse(rows).map(({ name }) => name);
  }

  /** True for the first caller only, over all windows: the one that tells the user where a job came to rest. */
  claimNotification(id: string): boolean {
    return prepared(this.#db, "UPDATE jobs SET notified = 1 WHERE id = ? AND notified = 0").run(id).changes === 1;
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    prepared(this.#db, sql).run(...values);
  }

  #ids(condition: string, ...values: SQLInputValue[]): string[] {
    const sql = `SELECT id FROM jobs WHERE ${condition} ORDER BY created_at, id`;
    return idsSchema.parse(prepared(this.#db, sql).all(...values)).map((row) => row.id);
  }

  #count(condition: string): number {
    return countSchema.parse(prepared(this.#db, `SELECT count(*) AS n FROM jobs WHERE ${condition}`).get()).n;
  }

  #select(rest: string, ...values: SQLInputValue[]): Job[] {
    const sql = `SELECT id, created_at, submitted_at, running_at, ran_until, ended_at, cancel, sent_with, progress, "order" FROM jobs ${rest}`;
    // A row that this version cannot read stays in the file and must not hide the others.
    return rowsSchema.parse(prepared(this.#db, sql).all(...values)).flatMap((row) => this.#read(row) ?? []);
  }

  #read(row: Row): Job | undefined {
    const known = this.#known.get(row.id);
    if (known !== undefined && isDeepStrictEqual(known.row, row)) {
      return known.job;
    }
    const job = toJob(row);
    this.#known.set(row.id, { row, job });
    return job;
  }
}

function isResting(progress: Progress): boolean {
  return isEnded(progress) || needsUser(progress);
}

const storedOrderSchema = json.pipe(orderSchema);
const storedProgressSchema = json.pipe(progressSchema);

function toJob(row: Row): Job | undefined {
  const order = storedOrderSchema.safeParse(row.order);
  const progress = storedProgressSchema.safeParse(row.progress);
  if (!order.success || !progress.success) {
    return undefined;
  }
  return {
    id: row.id,
    createdAt: row.created_at,
    submittedAt: row.submitted_at ?? undefined,
    runningAt: row.running_at ?? undefined,
    ranUntil: row.ran_until ?? undefined,
    endedAt: row.ended_at ?? undefined,
    cancel: row.cancel ?? undefined,
    sentWith: row.sent_with ?? undefined,
    order: order.data,
    progress: progress.data,
  };
}
