import * as z from "zod";
import { placeSchema } from "../../hosting/storedObject.ts";
import { problemSchema } from "../../shared/model/problem.ts";
import { canBeTakenUp, isEnded, type Job, requestIdOf } from "../job.ts";
import type { Database } from "./database.ts";
import { merged } from "./merge.ts";
import { json, type SqlRow, sqlList } from "./sql.ts";

/** A request that nobody follows may be in the service's queue for so long, ms: then it is not kept there either. */
const keptFor = 7 * 24 * 3_600_000;
/** Its images go so long after that time was first seen to be over, ms: one wrong clock must not take them. */
const lastCall = 7 * 24 * 3_600_000;
/** No try to delete is later than this, ms, and no owner needs longer: what is comes from a clock that was set back. */
const [latestDue, longestOwned] = [3_600_000, 600_000];

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
  /** When it was first seen that it was kept for long enough, ms. */
  kept: z.number().optional().catch(undefined),
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
const timesSchema = z.object({ due_at: z.number(), owned_until: z.number().nullable(), keep_until: z.number() });
const keepSchema = timesSchema.pick({ keep_until: true });
const storedSchema = z.object({ facts: json });

/** When it was first seen that an upload was kept for long enough, ms; what was seen before that time is of an earlier one. */
function seenOver({ facts }: Upload, keep: number): number | undefined {
  return keep > 0 && facts.kept !== undefined && facts.kept >= keep ? facts.kept : undefined;
}

/** Uploads that have no use any more: those being deleted, and those whose job is at its end or gone. */
const deletable = `(state = 'deleting' OR (state IN ('uploading','uploaded')
  AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = uploads.job AND jobs.state NOT IN ${sqlList("ended")})))`;

/**
 * The journal's part about uploads: each is written down before it begins and forgotten when it is deleted, so that no
 * crash leaves an object that nobody knows of. It holds no secret and no signed address. What this version cannot read,
 * and what belongs to a job that it cannot read, is left alone.
 */
export class UploadBook {
  readonly #db: Database;
  readonly #isUnreadable: (job: string) => boolean;
  /** Uploads of which this window has taken back that their time was over. */
  readonly #takenBack = new Set<string>();

  /** @param isUnreadable true for a job whose row this version cannot read. */
  constructor(db: Database, isUnreadable: (job: string) => boolean) {
    this.#db = db;
    this.#isUnreadable = isUnreadable;
  }

  /**
   * Takes note of what a change of a job means for its images, in the change's own transaction: a request that nobody
   * follows may still be about to read them.
   * @param lost how many of the job's requests were answered to nobody.
   * @param settled the request of an unclear job is known not to have been taken.
   */
  note(before: Job, { id, progress, ranUntil, order }: Job, lost: number, settled: boolean): void {
    const isLeft = canBeTakenUp(progress) && ranUntil === undefined;
    const isLost =
      !settled && before.progress.state === "unclear" && (progress.state === "waiting" || progress.state === "failed");
    if (isLeft || isLost) {
      this.#db.run("UPDATE uploads SET keep_until = -1 WHERE job = ?", id);
    } else if (isEnded(progress) && requestIdOf(progress) !== undefined && lost === 0 && order.lost === undefined) {
      this.#db.run("UPDATE uploads SET keep_until = 0 WHERE job = ?", id);
    }
  }

  /** A request of the job has become a job of its own, which may still be about to read the images. */
  noteBesides(job: string): void {
    this.#db.run("UPDATE uploads SET keep_until = -1 WHERE job = ?", job);
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
    this.#db.run("DELETE FROM uploads WHERE id = ?", id);
  }

  /** Forgets an object that its owner has deleted, unless it was put there again meanwhile. */
  deleted(id: string, owner: string): void {
    this.#db.run("DELETE FROM uploads WHERE id = ? AND owner = ?", id, owner);
  }

  /** Forgets the objects of ended jobs, where the user wants to keep them. */
  forgetDeletable(): void {
    this.#db.transaction(() => {
      for (const { id } of this.#deletable("owner IS NULL AND state <> 'deleting'")) {
        this.forget(id);
      }
    });
  }

  /** Takes the objects that are to be deleted now, for one owner until `until` (ms). */
  claim(owner: string, now: number, until: number, isGone: (owner: string) => boolean): Upload[] {
    return this.#db.transaction(() => {
      this.#correct(now);
      const gone = ownersSchema
        .parse(this.#db.all("SELECT DISTINCT owner FROM uploads WHERE owner IS NOT NULL"))
        .map((row) => row.owner)
        .filter(isGone);
      const taken = this.#deletable(
        "due_at <= ? AND keep_until <= ? AND (owner IS NULL OR owned_until <= ? OR owner IN (SELECT value FROM json_each(?)))",
        now,
        now,
        now,
        JSON.stringify(gone),
      ).filter((upload) => this.#isLastCallOver(upload, now));
      for (const { id } of taken) {
        this.#db.run(
          "UPDATE uploads SET state = 'deleting', owner = ?, owned_until = ? WHERE id = ?",
          owner,
          until,
          id,
        );
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
    this.#db.run("UPDATE uploads SET state = 'deleting', due_at = 0, keep_until = 0 WHERE id = ?", id);
  }

  /** Gives what an owner has under way to others. */
  release(owner: string): void {
    this.#db.run("UPDATE uploads SET owner = NULL, owned_until = NULL WHERE owner = ? AND state = 'deleting'", owner);
  }

  /**
   * When the next object can be deleted, ms; undefined when there is none.
   * @param kept whether those count, too, that wait for a request which nobody follows.
   */
  nextDue(kept = true): number | undefined {
    const times = this.#deletableRows(kept ? "TRUE" : "keep_until = 0").map((row) => {
      const { due_at: due, owned_until: owned, keep_until: keep } = timesSchema.parse(row);
      const seen = seenOver(uploadSchema.parse(row), keep);
      return Math.max(due, owned ?? 0, seen === undefined ? keep : seen + lastCall);
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The objects that could not be deleted (so far), oldest first. */
  leftovers(): Upload[] {
    return this.#select("state IN ('deleting','left')").filter(
      ({ state, facts }) => state === "left" || facts.tries > 0,
    );
  }

  /** False for what was kept for a request, until that was seen to be over for a while; the first sight is written down. */
  #isLastCallOver(upload: Upload, now: number): boolean {
    const { keep_until: keep } = keepSchema.parse(
      this.#db.get("SELECT keep_until + 0.0 AS keep_until FROM uploads WHERE id = ?", upload.id),
    );
    if (keep === 0) {
      return true;
    }
    const seen = seenOver(upload, keep);
    if (seen !== undefined && seen <= now) {
      return now - seen >= lastCall;
    }
    this.#putFacts(upload, { ...upload.facts, kept: now });
    return false;
  }

  /** Times that lie too far ahead are of a clock that was set back since. */
  #correct(now: number): void {
    for (const [column, most] of [
      ["due_at", now + latestDue],
      ["owned_until", now + longestOwned],
      ["keep_until", now + keptFor],
    ] as const) {
      this.#db.run(`UPDATE uploads SET ${column} = ? WHERE ${column} > ?`, most, most);
    }
    this.#db.run("UPDATE uploads SET keep_until = ? WHERE keep_until = -1", now + keptFor);
    for (const upload of this.#select("keep_until > ?", now)) {
      const { kept, ...facts } = upload.facts;
      // Two windows whose clocks disagree must not answer each other for ever: each takes a mark back once.
      if (kept !== undefined && !this.#takenBack.has(upload.id)) {
        this.#takenBack.add(upload.id);
        this.#putFacts(upload, facts);
      }
    }
  }

  #put(upload: Upload, due: number, owner: string | null, until: number | null): void {
    const { id, job, side, created_at, state, facts } = upload;
    this.#db.transaction(() => {
      this.#db.run(
        `INSERT INTO uploads (id, job, side, created_at, state, facts, due_at, owner, owned_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, facts = excluded.facts, due_at = excluded.due_at,
           owner = excluded.owner, owned_until = excluded.owned_until`,
        ...[id, job, side, created_at, state],
        ...[this.#factsText(id, facts), due, owner, until],
      );
    });
  }

  #putFacts({ id }: Upload, facts: Upload["facts"]): void {
    this.#db.run("UPDATE uploads SET facts = ? WHERE id = ?", this.#factsText(id, facts), id);
  }

  /** Facts as they are to be stored: what a later version has put there stays. */
  #factsText(id: string, facts: Upload["facts"]): string {
    const stored = storedSchema.safeParse(this.#db.get("SELECT facts FROM uploads WHERE id = ?", id)).data?.facts;
    const known = factsSchema.safeParse(stored).data;
    return JSON.stringify(known === undefined ? facts : merged(stored, known, facts));
  }

  #deletable(condition: string, ...values: (string | number)[]): Upload[] {
    return this.#deletableRows(condition, ...values).flatMap((row) => uploadSchema.safeParse(row).data ?? []);
  }

  #deletableRows(condition: string, ...values: (string | number)[]): SqlRow[] {
    return this.#rows(`${deletable} AND ${condition}`, ...values).filter((row) => {
      const upload = uploadSchema.safeParse(row).data;
      return upload !== undefined && !this.#isUnreadable(upload.job);
    });
  }

  #select(condition: string, ...values: (string | number)[]): Upload[] {
    // A row that this version cannot read stays in the file and must not hide the others.
    return this.#rows(condition, ...values).flatMap((row) => uploadSchema.safeParse(row).data ?? []);
  }

  /** Times as REAL: one that is too large for a number here must not hide the other rows. */
  #rows(condition: string, ...values: (string | number)[]): SqlRow[] {
    const sql = `SELECT id, job, side, created_at + 0.0 AS created_at, state, facts, due_at + 0.0 AS due_at,
        owned_until + 0.0 AS owned_until, keep_until + 0.0 AS keep_until
      FROM uploads WHERE ${condition} ORDER BY uploads.created_at, id`;
    return this.#db.all(sql, ...values);
  }
}
