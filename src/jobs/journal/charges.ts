import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Spend } from "../../shared/model/budget.ts";
import { costOf, isEnded, type Job, mayBePaid, requestIdOf } from "../job.ts";
import type { Database } from "./database.ts";
import { listOf, sqlList } from "./sql.ts";

/** The most costs that all windows of a user ask for at the same time. */
const askedAtOnce = 2;
/** How long a window that was killed while it asked keeps its slot, ms: an exchange takes a minute at most. */
const askingTime = 90_000;
/** How long a slot stays taken after an answer, ms. This limits the rate of our questions. */
export const askingGap = 500;
/** No service asks for a longer pause, ms (`retryAfterOf`). A later time comes from a clock that was set back. */
const longestWish = 3_600_000;

/** No video costs more, USD. A higher figure is no real cost, and must not spoil the sums of others. */
export const mostUsd = 10_000;

/** SQL: a cost, limited to what a video can cost. */
const bounded = (usd: string): string => `min(max(${usd}, 0.0), ${mostUsd}.0)`;

/** A request that has ended without the service reporting its cost. */
export interface UnreportedCost {
  readonly requestId: string;
  /** Id of its job. */
  readonly job: string;
  /** How often the service has answered without a cost since the end. */
  readonly asked: number;
  /** Origin of the service; null where only the job knows it. */
  readonly service: string | null;
  /** Name of the token that the request was sent with. */
  readonly sent_with: string | null;
  /** The recipe of its video. */
  readonly recipe: string | null;
}

const untilSchema = z.object({ until: z.number() });
const countSchema = z.object({ n: z.number() });
const spendSchema = z.object({ reported: z.number(), unreported: z.number(), expected: z.number() });
const unreportedSchema = z.object({
  requestId: z.string(),
  job: z.string(),
  asked: z.number(),
  service: z.string().nullable(),
  sent_with: z.string().nullable(),
  recipe: z.string().nullable(),
});

/** What the jobs have cost, as far as the service has reported it. */
export class Charges {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Records what a change of a job means for money. Call it inside the transaction of the change.
   * @param settled the service is known not to have taken the request of an unclear job
   */
  note(before: Job, after: Job, settled: boolean): void {
    const { progress, order } = after;
    const requestId = requestIdOf(progress);
    if (isEnded(progress) && !isEnded(before.progress) && requestId !== undefined) {
      // A run that never began is most likely free until the service reports its cost.
      const estimate = progress.state === "cancelled" ? 0 : order.estimate;
      const at = after.submittedAt ?? after.createdAt;
      this.#db.run(
        `INSERT INTO charges (id, job, at, usd, estimate, service, sent_with, recipe) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET job = excluded.job, usd = coalesce(excluded.usd, usd),
             service = excluded.service, sent_with = excluded.sent_with, recipe = coalesce(excluded.recipe, recipe)`,
        ...[requestId, after.id, at, costOf(progress) ?? null, estimate ?? null, order.service],
        ...[after.sentWith ?? null, progress.state === "saved" ? progress.recipe : null],
      );
    }
    if (
      !settled &&
      before.progress.state === "unclear" &&
      (progress.state === "waiting" || progress.state === "failed")
    ) {
      // The request whose answer was lost may be paid for, whatever its user decided.
      this.#db.run(
        "INSERT INTO charges (id, job, at, estimate, service, sent_with) VALUES (?, ?, ?, ?, ?, ?)",
        ...[`lost-${randomUUID()}`, before.id, before.submittedAt ?? before.createdAt, before.order.estimate ?? null],
        ...[before.order.service, before.sentWith ?? null],
      );
    }
    if (before.progress.state === "failed" && mayBePaid(before.progress) && requestId !== undefined) {
      this.found(after.id);
    }
    if (isEnded(before.progress) && !isEnded(progress) && requestId !== undefined) {
      // It counts as under way again, and gets a new row when it ends. A reported cost stays.
      this.#db.run("DELETE FROM charges WHERE id = ? AND usd IS NULL", requestId);
    }
  }

  /** The last lost request of a job has turned up: from now on its own id counts. */
  found(job: string): void {
    this.#db.run(
      "DELETE FROM charges WHERE id = (SELECT id FROM charges WHERE job = ? AND id LIKE 'lost-%' ORDER BY rowid DESC LIMIT 1)",
      job,
    );
  }

  /** The last request that a job is known to have been sent as after a time (ms); undefined if none was answered since. */
  requestOf(job: string, since = Number.NEGATIVE_INFINITY): string | undefined {
    const sql = "SELECT id FROM charges WHERE job = ? AND at > ? AND id NOT LIKE 'lost-%' ORDER BY at DESC LIMIT 1";
    const row = this.#db.get(sql, job, since);
    return row === undefined ? undefined : z.string().parse(row.id);
  }

  /** True where an answer to a POST of the job got lost after a time (ms). */
  hasLost(job: string, since: number): boolean {
    const sql = "SELECT id FROM charges WHERE job = ? AND at > ? AND id LIKE 'lost-%' LIMIT 1";
    return this.#db.get(sql, job, since) !== undefined;
  }

  /** The names of the tokens that requests were sent with whose cost is not told, or whose answer got lost. */
  tokensInUse(): string[] {
    const sql = "SELECT DISTINCT sent_with AS name FROM charges WHERE usd IS NULL AND sent_with IS NOT NULL";
    return z
      .array(z.object({ name: z.string() }))
      .parse(this.#db.all(sql))
      .map(({ name }) => name);
  }

  /** What was spent since a time (ms), and what the videos under way will add. Impossible costs count as the highest one. */
  spend(since: number): Spend {
    return spendSchema.parse(
      this.#db.get(
        `SELECT coalesce(sum(${bounded("usd")}), 0.0) AS reported, count(*) - count(usd) AS unreported,
             coalesce(sum(CASE WHEN usd IS NULL THEN ${bounded("estimate")} END), 0.0) + (
               SELECT coalesce(sum(${bounded("usd")}), 0.0) FROM (
                 SELECT CASE WHEN json_type("order", '$.estimate') IN ('integer','real') THEN json_extract("order", '$.estimate') END AS usd
                 FROM jobs WHERE state NOT IN ${sqlList("ended")} AND json_valid("order")
               ) WHERE usd IS NOT NULL
             ) AS expected
           FROM charges WHERE at >= ?`,
        since,
      ),
    );
  }

  /**
   * How many videos were or may be paid for since a time (ms). A request counts from when it was sent, and one that is not
   * sent yet counts as sent now. A request that made no video and is free, as far as is known, does not count.
   */
  videos(since: number): number {
    const sql = `SELECT (SELECT count(*) FROM charges
         WHERE at >= ? AND NOT (recipe IS NULL AND coalesce(usd, estimate, 1.0) <= 0.0)) + (SELECT count(*) FROM jobs
         WHERE state NOT IN ${sqlList("ended")}
           AND (state IN ${listOf("preparing", "waiting", "submitting")} OR coalesce(submitted_at, created_at) >= ?)) AS n`;
    return countSchema.parse(this.#db.get(sql, since, since)).n;
  }

  /** Requests since a time (ms) whose cost was not reported and that got fewer than `most` answers about it. */
  unreportedCosts(since: number, most: number): UnreportedCost[] {
    const sql = `SELECT id AS requestId, job, asked, service, sent_with, recipe FROM charges
       WHERE usd IS NULL AND at >= ? AND asked < ? AND id NOT LIKE 'lost-%'`;
    return this.#db.all(sql, since, most).flatMap((row) => unreportedSchema.safeParse(row).data ?? []);
  }

  /**
   * Takes one of the few slots for asking, at a time (ms). Gives `mine` to the one window that may ask now, `over` if
   * another window has asked meanwhile, else the ms until a slot may be free or the service may be asked again.
   */
  claimAsking({ requestId, asked, service }: UnreportedCost, now: number): "mine" | "over" | number {
    return this.#db.transaction(() => {
      const pauses =
        "SELECT max(not_before) AS until FROM charges WHERE not_before > ? AND not_before <= ? AND service IS ?";
      const wished = untilSchema.safeParse(this.#db.get(pauses, now, now + longestWish, service)).data;
      if (wished !== undefined) {
        return wished.until - now;
      }
      const places =
        "SELECT asking_until AS until FROM charges WHERE asking_until > ? AND asking_until <= ? ORDER BY 1";
      const taken = this.#db.all(places, now, now + askingTime);
      if (taken.length >= askedAtOnce) {
        // Most answers come long before the slot of their window expires.
        return askingGap;
      }
      const sql = "UPDATE charges SET asked = asked + 1, asking_until = ? WHERE id = ? AND asked = ? AND usd IS NULL";
      return this.#db.run(sql, now + askingTime, requestId, asked) === 1 ? "mine" : "over";
    });
  }

  /**
   * Gives the slot back, at a time (ms). A question without an answer does not count.
   * @param retryAfter the pause that the service wants, ms
   */
  asked({ requestId, asked }: UnreportedCost, now: number, isAnswered: boolean, retryAfter: number | undefined): void {
    this.#db.run(
      "UPDATE charges SET asked = ?, asking_until = ?, not_before = ? WHERE id = ? AND asked = ?",
      ...[isAnswered ? asked + 1 : asked, now + askingGap, retryAfter === undefined ? null : now + retryAfter],
      ...[requestId, asked + 1],
    );
  }

  /** Records a cost (USD). */
  tell(requestId: string, usd: number): void {
    this.#db.run("UPDATE charges SET usd = ? WHERE id = ?", usd, requestId);
  }

  /** How many requests of a job are lost: nobody got their answer, so they may still be in the service's queue. */
  lost(job: string): number {
    const sql = "SELECT count(*) AS n FROM charges WHERE job = ? AND id LIKE 'lost-%'";
    return countSchema.parse(this.#db.get(sql, job)).n;
  }
}
