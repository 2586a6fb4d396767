import * as z from "zod";
import { storedObjectSchema } from "../../hosting/storedObject.ts";
import { problemSchema } from "../../shared/model/problem.ts";
import { canBeTakenUp, isEnded, type Job, requestIdOf } from "../job.ts";
import type { Database } from "./database.ts";
import { merged } from "./merge.ts";
import { json, type SqlRow, sqlList } from "./sql.ts";

/** A request that nobody follows may stay in the service's queue for so long, ms. The service keeps it no longer. */
const keptFor = 7 * 24 * 3_600_000;
/** How long after a window first saw that time over its images are deleted, ms: one wrong clock must not delete them. */
const lastCall = 7 * 24 * 3_600_000;
/** The latest next try, and the longest time an owner needs, ms. Later times come from a clock that was set back. */
const [latestDue, longestOwned] = [3_600_000, 600_000];

/**
 * `uploading`: recorded before the upload, so the object may exist; `uploaded`: it exists; `deleting`: it is about to go,
 * and nothing may use it any more; `left`: we could not delete it, and tell the user.
 */
const stateSchema = z.enum(["uploading", "uploaded", "deleting", "left"]);

const factsSchema = z.object({
  place: storedObjectSchema,
  /** The object's own, unguessable name. */
  name: z.string(),
  /** How often we have tried to delete it. */
  tries: z.number(),
  /** Why the last try failed. */
  problem: problemSchema.optional(),
  /** When a window first saw that it was kept for long enough, ms. */
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
/** An object on the user's storage that a job needs, or that we still have to delete. */
export type Upload = z.infer<typeof uploadSchema>;

const ownersSchema = z.array(z.object({ owner: z.string() }));
const timesSchema = z.object({ due_at: z.number(), owned_until: z.number().nullable(), keep_until: z.number() });
const keepSchema = timesSchema.pick({ keep_until: true });
const storedSchema = z.object({ facts: json });

/** When a window first saw that an upload was kept for long enough, ms. A sighting before `keep` does not count. */
function seenOver({ facts }: Upload, keep: number): number | undefined {
  return keep > 0 && facts.kept !== undefined && facts.kept >= keep ? facts.kept : undefined;
}

/** SQL: uploads without any use: those being deleted, and those whose job has ended or is gone. */
const deletable = `(state = 'deleting' OR (state IN ('uploading','uploaded')
  AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = uploads.job AND jobs.state NOT IN ${sqlList("ended")})))`;

/**
 * The journal's part about uploads. It records each upload before it begins and forgets it once it is deleted, so that no
 * crash leaves an unknown object. It holds no secrets and no signed addresses. It leaves alone what this version cannot
 * read, and what belongs to a job that this version cannot read.
 */
export class UploadBook {
  readonly #db: Database;
  readonly #isUnreadable: (job: string) => boolean;
  /** Uploads whose "time is over" mark this window has taken back. */
  readonly #takenBack = new Set<string>();

  /** @param isUnreadable true for a job whose row this version cannot read. */
  constructor(db: Database, isUnreadable: (job: string) => boolean) {
    this.#db = db;
    this.#isUnreadable = isUnreadable;
  }

  /**
   * Records what a change of a job means for its images: a request that nobody follows may still read them. Call it inside
   * the transaction of the change.
   * @param lost how many of the job's requests are lost (`Charges.lost`).
   * @param settled the service is known not to have taken the request of an unclear job.
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

  /** The usable uploads of one image of a job, oldest first. */
  usable(job: string, side: string): Upload[] {
    return this.#select("job = ? AND side = ? AND state IN ('uploading','uploaded')", job, side);
  }

  /** Records the start of an upload by `owner`, who will know its outcome by `until` (ms). */
  begin(upload: Upload, owner: string, until: number): void {
    this.#put({ ...upload, state: "uploading" }, 0, owner, until);
  }

  /** The object exists. If it was given up meanwhile, it is recorded again and will be deleted. */
  landed(upload: Upload): void {
    this.#put({ ...upload, state: "uploaded" }, 0, null, null);
  }

  /** The upload failed, and the object may exist. */
  broke(upload: Upload): void {
    this.#put({ ...upload, state: "uploading" }, 0, null, null);
  }

  /** Forgets an object that never existed, or that the user wants to keep. */
  forget(id: string): void {
    this.#db.run("DELETE FROM uploads WHERE id = ?", id);
  }

  /** Forgets an object that its owner has deleted, unless it was uploaded again meanwhile. */
  deleted(id: string, owner: string): void {
    this.#db.run("DELETE FROM uploads WHERE id = ? AND owner = ?", id, owner);
  }

  /** Forgets the objects of ended jobs, because the user wants to keep them. */
  forgetDeletable(): void {
    this.#db.transaction(() => {
      for (const { id } of this.#deletable("owner IS NULL AND state <> 'deleting'")) {
        this.forget(id);
      }
    });
  }

  /** Claims the objects that are due for deletion, for one owner until `until` (ms). */
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

  /** Records that deleting failed: try again at `due` (ms), or leave it to the user. */
  notDeleted(upload: Upload, due: number | "left"): void {
    this.#put({ ...upload, state: due === "left" ? "left" : "deleting" }, due === "left" ? 0 : due, null, null);
  }

  /** Makes an object due for deletion now. */
  again(id: string): void {
    this.#db.run("UPDATE uploads SET state = 'deleting', due_at = 0, keep_until = 0 WHERE id = ?", id);
  }

  /** Gives up the claims of an owner. */
  release(owner: string): void {
    this.#db.run("UPDATE uploads SET owner = NULL, owned_until = NULL WHERE owner = ? AND state = 'deleting'", owner);
  }

  /**
   * When the next object can be deleted, ms; undefined if there is none.
   * @param kept whether objects count that wait for a request nobody follows.
   */
  nextDue(kept = true): number | undefined {
    const times = this.#deletableRows(kept ? "TRUE" : "keep_until = 0").map((row) => {
      const { due_at: due, owned_until: owned, keep_until: keep } = timesSchema.parse(row);
      const seen = seenOver(uploadSchema.parse(row), keep);
      return Math.max(due, owned ?? 0, seen === undefined ? keep : seen + lastCall);
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The objects that we could not delete (so far), oldest first. */
  leftovers(): Upload[] {
    return this.#select("state IN ('deleting','left')").filter(
      ({ state, facts }) => state === "left" || facts.tries > 0,
    );
  }

  /** False for an object that is kept for a request, until that time has been over for a while. Records when it was. */
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

  /** Corrects times that are too far ahead: they come from a clock that was set back since. */
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
      // Two windows whose clocks disagree must not undo each other forever: each takes a mark back once.
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

  /** The text of facts to store. It keeps what a later version has put there. */
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

  /** Times are REAL: one that is too large for a number here must not hide the other rows. */
  #rows(condition: string, ...values: (string | number)[]): SqlRow[] {
    const sql = `SELECT id, job, side, created_at + 0.0 AS created_at, state, facts, due_at + 0.0 AS due_at,
        owned_until + 0.0 AS owned_until, keep_until + 0.0 AS keep_until
      FROM uploads WHERE ${condition} ORDER BY uploads.created_at, id`;
    return this.#db.all(sql, ...values);
  }
}
