import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import * as z from "zod";
import { endStates } from "./job.ts";
import { insertRow, journalTables, readableRows } from "./rowCopy.ts";
import { json } from "./sql.ts";

type Row = Record<string, SQLOutputValue>;

/**
 * Takes what this window still knows into the file that stands in the journal's place now: jobs of which something may still
 * be needed, what they cost, and their uploads. Where both files know a job, the one with a request's id counts, else the one
 * that is further: a request may have been paid since the other was copied.
 */
export function carryOver(old: DatabaseSync, fresh: DatabaseSync): void {
  fresh.exec("BEGIN IMMEDIATE");
  try {
    for (const table of journalTables) {
      for (const row of readableRows(old, table)) {
        if (table === "jobs") {
          carryJob(fresh, row);
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

function carryJob(fresh: DatabaseSync, row: Row): void {
  const { id, state } = row;
  if (typeof id !== "string") {
    return;
  }
  const there = fresh.prepare("SELECT state, progress FROM jobs WHERE id = ?").get(id);
  if (there === undefined) {
    // One that failed may have a request that its user can still take up, or may be paid for.
    if (state !== "saved" && state !== "cancelled") {
      insertRow(fresh, "jobs", row);
    }
  } else if (distance(row) > distance(there)) {
    fresh.prepare("DELETE FROM jobs WHERE id = ?").run(id);
    insertRow(fresh, "jobs", row);
  }
}

/** How far a job has come with its money, as a number to compare. */
function distance({ state, progress }: Row): number {
  const word = z.string().parse(state);
  const withId = withIdSchema.safeParse(progress).success ? 100 : 0;
  const before = ["preparing", "waiting", "submitting", "unclear"].indexOf(word);
  if (before >= 0) {
    return withId + before;
  }
  return withId + (endStates.some((known) => known === word) ? 20 : 10);
}

const withIdSchema = json.pipe(
  z.union([z.object({ requestId: z.string() }), z.object({ problem: z.object({ requestId: z.string() }) })]),
);
