import type { DatabaseSync } from "node:sqlite";
import { besidesRow } from "./besides.ts";
import { idOfRow, whichCounts } from "./further.ts";
import { insertRow, journalTables, readableRows } from "./rowCopy.ts";
import type { SqlRow } from "./sql.ts";

/**
 * Copies what this window still knows into the file that has taken the journal's place: jobs that somebody may still need,
 * what they cost, and their uploads. If both files have a job, the row that is further along wins: a request may have been
 * paid for since the other file was copied.
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
    // A failed job may be paid for, or have a request that its user can still take up.
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
