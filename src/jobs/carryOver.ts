import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import * as z from "zod";
import { activeStates, endStates } from "./job.ts";
import { insertRow, journalTables, readableRows } from "./rowCopy.ts";

type Row = Record<string, SQLOutputValue>;

/**
 * Takes what this window still knows into the file that stands in the journal's place now: jobs that have not ended, what
 * they cost, and their uploads. Where both files know a job, the one that is further counts: a request may have been paid
 * since the other was copied.
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
  const there = fresh.prepare("SELECT state FROM jobs WHERE id = ?").get(id);
  if (there === undefined) {
    if (!endStates.some((end) => end === state)) {
      insertRow(fresh, "jobs", row);
    }
  } else if (distance(row) > distance(there)) {
    fresh.prepare("DELETE FROM jobs WHERE id = ?").run(id);
    insertRow(fresh, "jobs", row);
  }
}

/** How far a job has come with its money, as a number to compare. */
function distance({ state }: Row): number {
  const word = z.string().parse(state);
  const before = ["preparing", "waiting", "submitting", "unclear"].indexOf(word);
  if (before >= 0) {
    return before;
  }
  return activeStates.some((known) => known === word) || !endStates.some((known) => known === word) ? 10 : 20;
}
