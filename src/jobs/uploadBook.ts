import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { placeSchema } from "../hosting/place.ts";
import { problemSchema } from "../model/problem.ts";
import { inTransaction, json, prepared } from "./sql.ts";

export const uploadTable = `CREATE TABLE uploads (
     id TEXT PRIMARY KEY,
     job TEXT NOT NULL,
     side TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     state TEXT NOT NULL,
     facts TEXT NOT NULL,
     due_at INTEGER NOT NULL,
     owner TEXT,
     owned_until INTEGER
   ) STRICT;
   CREATE INDEX uploads_by_job ON uploads (job);`;

/**
 * `uploading`: written down before the upload, so the object may be there; `uploaded`: it is there; `deleting`: it is to
 * go, and nothing may use it any more; `left`: it could not be deleted, and the user is told.
 */
const stateSchema = z.enum(["uploading", "uploaded", "deleting", "left"]);

const factsSchema = z.object({
  place: placeSchema,
  /** The object's own, unguessable name. */
  name: z.string(),
  /** Tries to delete it so far. */
  tries: z.number(),
  /** Why the last try did not do it. */
  problem: problemSchema.optional(),
});

const uploadSchema = z.object({
  id: z.string(),
  job: z.string(),
  side: z.string(),
  created_at: z.number(),
  state: stateSchema,
  facts: json.pipe(factsSchema),
});
/** An object on the user's storage that a job needs, or that is still to be deleted. */
export type Upload = z.infer<typeof uploadSchema>;

const ownersSchema = z.array(z.object({ owner: z.string() }));
const dueSchema = z.object({ at: z.number().nullable() });

/** Uploads that have no use any more: those being deleted, and those whose job is at its end or gone. */
const doomed = `(state = 'deleting' OR (state IN ('uploading','uploaded')
  AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = uploads.job AND jobs.state NOT IN ('saved','failed','cancelled'))))`;

/**
 * The journal's part about uploads: each is written down before it begins and forgotten when it is deleted, so that no
 * crash leaves an object that nobody knows of. It holds no secret and no signed address.
 */
export class UploadBook {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The upload of one image of a job that can be used (again), newest first. */
  usable(job: string, side: string): Upload[] {
    return this.#select("job = ? AND side = ? AND state IN ('uploading','uploaded')", job, side);
  }

  /** Writes down that an upload begins, by `owner`, who will know its outcome by `until` (ms). */
  begin(upload: Upload, owner: string, until: number): void {
    this.#put({ ...upload, state: "uploading" }, 0, owner, until);
  }

  /** The object is there. If it was given up meanwhile, it is known anew and will be deleted. */
  landed(upload: Upload): void {
    this.#put({ ...upload, state: "uploaded" }, 0, null, null);
  }

  /** The upload ended without success, so the object may be there. */
  broke(upload: Upload): void {
    this.#put({ ...upload, state: "uploading" }, 0, null, null);
  }

  /** Forgets an object that was never there, or that its user wants to be forgotten. */
  forget(id: string): void {
    this.#run("DELETE FROM uploads WHERE id = ?", id);
  }

  /** Forgets an object that its owner has deleted, unless it was put there again meanwhile. */
  deleted(id: string, owner: string): void {
    this.#run("DELETE FROM uploads WHERE id = ? AND owner = ?", id, owner);
  }

  /** Forgets the objects of ended jobs, where the user wants to keep them. */
  forgetDoomed(): void {
    this.#run(`DELETE FROM uploads WHERE owner IS NULL AND state <> 'deleting' AND ${doomed}`);
  }

  /** Takes the objects that are to be deleted now, for one owner until `until` (ms). */
  claim(owner: string, now: number, until: number, isGone: (owner: string) => boolean): Upload[] {
    return inTransaction(this.#db, () => {
      const gone = ownersSchema
        .parse(prepared(this.#db, "SELECT DISTINCT owner FROM uploads WHERE owner IS NOT NULL").all())
        .map((row) => row.owner)
        .filter(isGone);
      const taken = this.#select(
        `${doomed} AND due_at <= ? AND (owner IS NULL OR owned_until <= ? OR owner IN (SELECT value FROM json_each(?)))`,
        now,
        now,
        JSON.stringify(gone),
      );
      for (const { id } of taken) {
        this.#run("UPDATE uploads SET state = 'deleting', owner = ?, owned_until = ? WHERE id = ?", owner, until, id);
      }
      return taken.map((upload) => ({ ...upload, state: "deleting" as const }));
    });
  }

  /** Writes down that deleting did not work: once more at `due` (ms), or left to the user. */
  notDeleted(upload: Upload, due: number | "left"): void {
    this.#put({ ...upload, state: due === "left" ? "left" : "deleting" }, due === "left" ? 0 : due, null, null);
  }

  /** Makes an object due for deleting now. */
  again(id: string): void {
    this.#run("UPDATE uploads SET state = 'deleting', due_at = 0 WHERE id = ?", id);
  }

  /** Gives what an owner has under way to others. */
  release(owner: string): void {
    this.#run("UPDATE uploads SET owner = NULL, owned_until = NULL WHERE owner = ? AND state = 'deleting'", owner);
  }

  /** When the next object can be deleted, ms; undefined when there is none. */
  nextDue(): number | undefined {
    const sql = `SELECT min(max(due_at, ifnull(owned_until, 0))) AS at FROM uploads WHERE ${doomed}`;
    return dueSchema.parse(prepared(this.#db, sql).get()).at ?? undefined;
  }

  /** The objects that could not be deleted (so far), oldest first. */
  leftovers(): Upload[] {
    return this.#select("state IN ('deleting','left')").filter(
      ({ state, facts }) => state === "left" || facts.tries > 0,
    );
  }

  #put(upload: Upload, due: number, owner: string | null, until: number | null): void {
    const { id, job, side, created_at, state, facts } = upload;
    this.#run(
      `INSERT OR REPLACE INTO uploads (id, job, side, created_at, state, facts, due_at, owner, owned_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, job, side, created_at, state, JSON.stringify(facts), due, owner, until],
    );
  }

  #select(condition: string, ...values: (string | number)[]): Upload[] {
    const sql = `SELECT id, job, side, created_at, state, facts FROM uploads WHERE ${condition} ORDER BY created_at, id`;
    const rows = prepared(this.#db, sql).all(...values);
    // A row that this version cannot read stays in the file and must not hide the others.
    return rows.flatMap((row) => uploadSchema.safeParse(row).data ?? []);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    prepared(this.#db, sql).run(...values);
  }
}
