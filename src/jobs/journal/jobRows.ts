import type { SQLInputValue } from "node:sqlite";
import * as z from "zod";
import { frozenDraftSchema, type Job, progressSchema } from "../job.ts";
import type { Database } from "./database.ts";
import { json, type SqlRow } from "./sql.ts";

/** The columns of a job. Times are REAL: one that is too large for a number here must not hide the other rows. */
export const jobColumns = `id, created_at + 0.0 AS created_at, submitted_at + 0.0 AS submitted_at,
  running_at + 0.0 AS running_at, ran_until + 0.0 AS ran_until, ended_at + 0.0 AS ended_at, cancel, sent_with, state,
  progress, "order", revision`;

const rowSchema = z.object({
  id: z.string(),
  created_at: z.number(),
  submitted_at: z.number().nullable(),
  running_at: z.number().nullable(),
  ran_until: z.number().nullable(),
  ended_at: z.number().nullable(),
  cancel: z.enum(["asked", "tooLate"]).nullable(),
  sent_with: z.string().nullable(),
  state: z.string(),
  progress: json.pipe(progressSchema),
  order: json.pipe(frozenDraftSchema),
});

const idsSchema = z.array(z.object({ id: z.string() }));

/** Ids of the jobs that meet a condition in SQL, removed ones and unreadable ones too, oldest first. */
export function idsOf(db: Database, condition: string, ...values: SQLInputValue[]): string[] {
  const sql = `SELECT id FROM jobs WHERE ${condition} ORDER BY created_at, id`;
  return idsSchema.parse(db.all(sql, ...values)).map(({ id }) => id);
}

/** The job of a row; undefined for a row that this version cannot read. */
export function jobOf(row: SqlRow): Job | undefined {
  const parsed = rowSchema.safeParse(row).data;
  if (parsed === undefined || parsed.state !== parsed.progress.state) {
    return undefined;
  }
  return {
    id: parsed.id,
    createdAt: parsed.created_at,
    submittedAt: parsed.submitted_at ?? undefined,
    runningAt: parsed.running_at ?? undefined,
    ranUntil: parsed.ran_until ?? undefined,
    endedAt: parsed.ended_at ?? undefined,
    cancel: parsed.cancel ?? undefined,
    sentWith: parsed.sent_with ?? undefined,
    order: parsed.order,
    progress: parsed.progress,
  };
}

const countedSchema = z.object({ order: json.pipe(z.looseObject({ posts: z.number().optional() })) });

/** How many POSTs a row counts, whether this version can read it or not. */
export function postsOf(row: SqlRow): number {
  return countedSchema.safeParse(row).data?.order.posts ?? 0;
}

/** The order of a row with so many POSTs counted, as text; as it is where it counts more or cannot be read. */
export function withPosts(row: SqlRow, posts: number): string {
  const order = countedSchema.safeParse(row).data?.order;
  return order === undefined || posts <= postsOf(row) ? String(row.order) : JSON.stringify({ ...order, posts });
}

const storedSchema = z.object({ progress: json, order: json });

/** A row's JSON as it is stored, including what this version does not know. */
export function storedJson(row: SqlRow): z.infer<typeof storedSchema> {
  return storedSchema.parse(row);
}

/** Throws if the JSON of a job could not be read back: the job would be lost to every window. */
export function mustBeReadable(progress: string, order: string): void {
  json.pipe(progressSchema).parse(progress);
  json.pipe(frozenDraftSchema).parse(order);
}

/** All rows of the list as they were last read. */
export interface Listed {
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** Ids of the rows that this version cannot read. */
  readonly unreadable: ReadonlySet<string>;
}

interface KnownRow {
  readonly row: SqlRow;
  readonly job: Job | undefined;
}

/**
 * The rows as last read, with their meaning. Each view reads the list at every change, and most rows stay the same, so a row
 * is parsed again only if its text has changed.
 */
export class JobRows {
  #rows = new Map<string, KnownRow>();
  #before: ReadonlyMap<string, KnownRow> = new Map();
  readonly #gone = new Map<string, SqlRow>();
  #listed: Listed = { jobs: [], unreadable: new Set() };

  get listed(): Listed {
    return this.#listed;
  }

  /** The known rows, by id. */
  known(): ReadonlyMap<string, SqlRow> {
    return new Map([...this.#rows].map(([id, { row }]) => [id, row]));
  }

  /** The last known rows of jobs that were taken out of the list. */
  get gone(): ReadonlyMap<string, SqlRow> {
    return this.#gone;
  }

  /** From here on until the next `begin`, `undo` gives what was known now. */
  begin(): void {
    this.#before = new Map(this.#rows);
  }

  undo(): void {
    this.#rows = new Map(this.#before);
    this.#arrange();
  }

  /** Remembers the current state of a row. The list shows it after the next read. */
  keep(row: SqlRow, job: Job): void {
    this.#rows.set(job.id, { row, job });
  }

  /** Replaces all rows. */
  readAll(rows: readonly SqlRow[]): void {
    const before = this.#rows;
    this.#rows = new Map(rows.map((row) => [String(row.id), this.#read(row)]));
    this.#noteGone(before);
    this.#arrange();
  }

  /** Replaces some rows. Those of `ids` that `rows` lacks are gone. */
  readSome(ids: Iterable<string>, rows: readonly SqlRow[]): void {
    const found = rows.map((row) => [String(row.id), this.#read(row)] as const);
    const before = new Map<string, { readonly row: SqlRow }>();
    for (const id of ids) {
      const known = this.#rows.get(id);
      if (known !== undefined) {
        before.set(id, known);
      }
      this.#rows.delete(id);
    }
    for (const [id, known] of found) {
      this.#rows.set(id, known);
    }
    this.#noteGone(before);
    this.#arrange();
  }

  #noteGone(before: ReadonlyMap<string, { readonly row: SqlRow }>): void {
    for (const [id, { row }] of before) {
      if (!this.#rows.has(id)) {
        this.#gone.set(id, row);
      }
    }
  }

  #read(row: SqlRow) {
    const known = this.#rows.get(String(row.id));
    const isSame = known !== undefined && Object.entries(row).every(([name, value]) => known.row[name] === value);
    return isSame ? known : { row, job: jobOf(row) };
  }

  #arrange(): void {
    const unreadable = new Set<string>();
    const jobs: Job[] = [];
    for (const [id, { job }] of this.#rows) {
      if (job === undefined) {
        unreadable.add(id);
      } else {
        jobs.push(job);
      }
    }
    jobs.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    this.#listed = { jobs, unreadable };
  }
}
