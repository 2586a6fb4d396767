import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Spend } from "../model/budget.ts";
import { costOf, isEnded, type Job, mayBePaid, requestIdOf } from "./job.ts";
import { prepared } from "./sql.ts";

/**
 * The table, and what the jobs of an older journal tell of it. Apart from the jobs, so that removing one from the list does
 * not change what a month has cost. A row is a request that ended, or one whose answer got lost (`lost-…`).
 */
export const createCharges = `CREATE TABLE charges (
     id TEXT PRIMARY KEY,
     job TEXT NOT NULL,
     at INTEGER NOT NULL,
     usd REAL,
     estimate REAL,
     asked INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX charges_by_time ON charges (at);
   CREATE INDEX charges_untold ON charges (at) WHERE usd IS NULL;
   INSERT OR IGNORE INTO charges (id, job, at, usd)
     SELECT request, id, at, cost FROM (
       SELECT id, coalesce(submitted_at, created_at) AS at,
         CASE WHEN json_valid(progress) THEN json_extract(progress, '$.requestId') END AS request,
         CASE WHEN json_valid(progress) THEN json_extract(progress, '$.cost') END AS cost
       FROM jobs WHERE state IN ('saved','failed','cancelled')
     ) WHERE request IS NOT NULL;`;

/** A request that has ended and whose cost the service has not told. */
export interface Untold {
  readonly requestId: string;
  /** Id of its job. */
  readonly job: string;
  /** How often the service was asked for it since the end. */
  readonly asked: number;
}

const spendSchema = z.object({ told: z.number(), untold: z.number(), expected: z.number() });
const untoldSchema = z.array(z.object({ requestId: z.string(), job: z.string(), asked: z.number() }));

/** What the jobs have cost, as far as the service has told it. */
export class Charges {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Takes note of what a change of a job means for money. To be called in the change's own transaction.
   * @param settled the request of an unclear job is known not to have been taken
   */
  note(before: Job, after: Job, settled: boolean): void {
    const { progress, order } = after;
    const requestId = requestIdOf(progress);
    if (isEnded(progress) && !isEnded(before.progress) && requestId !== undefined) {
      // A run that never began is most likely free, so no base price stands in for a cost that is not told.
      const estimate = progress.state === "cancelled" ? undefined : order.estimate;
      const at = after.submittedAt ?? after.createdAt;
      prepared(
        this.#db,
        `INSERT INTO charges (id, job, at, usd, estimate) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET job = excluded.job, usd = coalesce(excluded.usd, usd)`,
      ).run(requestId, after.id, at, costOf(progress) ?? null, estimate ?? null);
    }
    if (
      !settled &&
      before.progress.state === "unclear" &&
      (progress.state === "waiting" || progress.state === "failed")
    ) {
      // The request whose answer got lost may be paid for, whatever its user decided.
      prepared(this.#db, "INSERT INTO charges (id, job, at, estimate) VALUES (?, ?, ?, ?)").run(
        `lost-${randomUUID()}`,
        before.id,
        before.createdAt,
        before.order.estimate ?? null,
      );
    }
    if (before.progress.state === "failed" && mayBePaid(before.progress) && requestId !== undefined) {
      this.found(after.id);
    }
  }

  /** The last request of a job whose answer got lost has turned up: it is counted by its own id from now on. */
  found(job: string): void {
    prepared(
      this.#db,
      "DELETE FROM charges WHERE id = (SELECT id FROM charges WHERE job = ? AND id LIKE 'lost-%' ORDER BY rowid DESC LIMIT 1)",
    ).run(job);
  }

  /** What has been spent since a time (ms), and what the videos under way will add. */
  spend(since: number): Spend {
    return spendSchema.parse(
      prepared(
        this.#db,
        `SELECT coalesce(sum(usd), 0.0) AS told, count(*) - count(usd) AS untold,
             coalesce(sum(CASE WHEN usd IS NULL THEN estimate END), 0.0) + (
               SELECT coalesce(sum(CASE WHEN json_valid("order") THEN json_extract("order", '$.estimate') END), 0.0)
               FROM jobs WHERE state NOT IN ('saved','failed','cancelled')
             ) AS expected
           FROM charges WHERE at >= ?`,
      ).get(since),
    );
  }

  /** Requests since a time (ms) whose cost is not told and was asked for less than so many times. */
  untold(since: number, most: number): Untold[] {
    return untoldSchema.parse(
      prepared(
        this.#db,
        "SELECT id AS requestId, job, asked FROM charges WHERE usd IS NULL AND at >= ? AND asked < ? AND id NOT LIKE 'lost-%'",
      ).all(since, most),
    );
  }

  /** True for the one window that is to ask now. */
  claimAsking({ requestId, asked }: Untold): boolean {
    return (
      prepared(this.#db, "UPDATE charges SET asked = asked + 1 WHERE id = ? AND asked = ? AND usd IS NULL").run(
        requestId,
        asked,
      ).changes === 1
    );
  }

  /** Writes down a cost (USD). */
  tell(requestId: string, usd: number): void {
    prepared(this.#db, "UPDATE charges SET usd = ? WHERE id = ?").run(usd, requestId);
  }
}
