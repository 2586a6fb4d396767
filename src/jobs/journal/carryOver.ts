import type { DatabaseSync } from "node:sqlite";
import { besidesRow } from "./besides.ts";
import { idOfRow, whichCounts } from "./further.ts";
import { insertRow, journalTables, readableRows } from "./rowCopy.ts";
import type { SqlRow } from "./sql.ts";

/**
 * Takes what this window still knows into the file that stands in the journal's place now: jobs of which something may still
 * be needed, what they cost, and their uploads. Where both files know a job, the one that knows more counts: a request may have
 * been paid since the other was copied, or in each of them.
 */
export function carryOver(old: DatabaseSync, fresh: DatabaseSync): void {
  fresh.exec("BEGIN IMMEDIATE");
  try {
    for (const table of journalTables) {
      const rows = readableRows(old, table);
      const known = table === "jobs" ? [...rows, ...readableRows(fresh, table)] : [];
      const isElsewhere = (requestId: string) =>
        new Set(known.filter((row) => idOfRow(row) === requestId).map(({ id }) => id)).size > 1;
      for (const row of rows) {
        if (table === "jobs") {
          carryJob(fresh, row, isElsewhere);
        } else {
          insertRow(fresh, table, row);
        }
      }
    }
    fresh.exec("COMMIT");
  } catch (error) {
    if (fresh.isTransaction) {
      fresh.exec("ROLLBACK");
    }
    throw error;
  }
}

function carryJob(fresh: DatabaseSync, row: SqlRow, isElsewhere: (requestId: string) => boolean): void {
  const { id, state } = row;
  if (typeof id !== "string") {
    return;
  }
  const there = fresh.prepare("SELECT state, progress, revision FROM jobs WHERE id = ?").get(id);
  if (there === undefined) {
    // One that failed may have a request that its user can still take up, or may be paid for.
    if (state !== "saved" && state !== "cancelled") {
      insertRow(fresh, "jobs", row);
    }
    return;
  }
  switch (whichCounts(row, there, isElsewhere)) {
    case "mine":
      fresh.prepare("DELETE FROM jobs WHERE id = ?").run(id);
      insertRow(fresh, "jobs", row);
      break;
    case "both":
      insertRow(fresh, "jobs", besidesRow(row));
      break;
    case "theirs":
  }
}
