import * as z from "zod";
import { canBeTakenUp, mayBePaid } from "../job.ts";
import type { Database } from "./database.ts";
import type { JobList } from "./jobList.ts";
import { sqlList } from "./sql.ts";

/** How long after a window first saw it due an ended job is removed, ms: one wrong clock must not empty the list. */
const lastCall = 7 * 24 * 3_600_000;
/** We distrust a clock that is further ahead of everything in the journal than this, ms. */
const plausible = 30 * 24 * 3_600_000;

const newestSchema = z.object({ newest: z.number().nullable() });
const idSchema = z.object({ id: z.string() });

/** See `Journal.prune`. */
export function prune(db: Database, list: JobList, before: number, now: number): void {
  db.transaction(() => {
    const { newest } = newestSchema.parse(
      db.get("SELECT max(max(created_at, ifnull(submitted_at, 0), ifnull(ended_at, 0))) + 0.0 AS newest FROM jobs"),
    );
    const { jobs, unreadable } = list.look();
    // Only the user removes a job that can be taken up or may be paid for.
    const needed = jobs.filter(({ progress }) => canBeTakenUp(progress) || mayBePaid(progress));
    const kept = new Set([...unreadable, ...needed.map(({ id }) => id)]);
    const readable = (condition: string, ...values: number[]) =>
      db
        .all(`SELECT id FROM jobs WHERE ${condition} ORDER BY created_at, id`, ...values)
        .map((row) => idSchema.parse(row).id)
        .filter((id) => !kept.has(id));
    for (const id of readable("expired_at > ? OR (expired_at IS NOT NULL AND ended_at >= ?)", now, before)) {
      db.run("UPDATE jobs SET expired_at = NULL WHERE id = ?", id);
    }
    if (newest === null || now - newest > plausible) {
      return;
    }
    const due = `state IN ${sqlList("ended")} AND ended_at < ?`;
    for (const id of readable(`${due} AND expired_at <= ?`, before, now - lastCall)) {
      db.run("DELETE FROM jobs WHERE id = ?", id);
      list.touch(id);
    }
    for (const id of readable(`${due} AND expired_at IS NULL`, before)) {
      db.run("UPDATE jobs SET expired_at = ? WHERE id = ?", now, id);
    }
  });
}
