import { randomUUID } from "node:crypto";
import { idOf, isActive, type Job } from "../job.ts";
import { type Besides, orderBesides } from "./besides.ts";
import type { Charges } from "./charges.ts";
import type { Database } from "./database.ts";
import type { UploadBook } from "./uploads.ts";

/** Requests that their jobs have moved on without, each kept as a job of its own. */
export class RequestsBesides {
  readonly #db: Database;
  readonly #charges: Charges;
  readonly #uploads: UploadBook;
  readonly #wrote: (id: string) => void;

  /** @param wrote called with the id of a row that was written. */
  constructor(db: Database, charges: Charges, uploads: UploadBook, wrote: (id: string) => void) {
    this.#db = db;
    this.#charges = charges;
    this.#uploads = uploads;
    this.#wrote = wrote;
  }

  /**
   * If no job has the request yet, it becomes a job that whoever comes first goes on with. To be called in the transaction of the
   * change that its job moves on with.
   */
  keep({ id, createdAt, order, submittedAt: sentAt }: Job, besides: Besides): void {
    const { progress, sentWith, submittedAt = sentAt } = besides;
    const requestId = idOf(progress);
    if (requestId === undefined || this.#isKnown(requestId)) {
      return;
    }
    const own = randomUUID();
    const at = submittedAt ?? createdAt;
    // One that stands came of what its user decided: that is no news.
    const isTold = isActive(progress) ? 0 : 1;
    const [progressText, orderText] = [JSON.stringify(progress), JSON.stringify(orderBesides(order))];
    this.#db.run(
      `INSERT INTO jobs (id, created_at, submitted_at, notified, state, progress, "order", sent_with) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[own, at, at, isTold, progress.state, progressText, orderText, sentWith ?? null],
    );
    this.#charges.found(id);
    this.#uploads.noteBesides(id);
    this.#wrote(own);
  }

  /** True if a job of the list has the request, whether this version can read its row or not. */
  #isKnown(requestId: string): boolean {
    const sql = "SELECT id FROM jobs WHERE removed = 0 AND instr(progress, ?) > 0 LIMIT 1";
    return this.#db.get(sql, JSON.stringify(requestId)) !== undefined;
  }
}
