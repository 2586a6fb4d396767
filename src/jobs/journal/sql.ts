import type { SQLOutputValue } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { type State, type StateKind, statesOf } from "../../shared/jobs/states.ts";
import { parseJson } from "../../shared/json.ts";
import { ProblemError } from "../../shared/model/problem.ts";

// What the parts of the journal share of SQLite: its errors, waiting for a lock, and the words of states in conditions.

/** A row of any table, by its columns. */
export type SqlRow = Record<string, SQLOutputValue>;

/** JSON text, parsed; a problem where it is none. */
export const json = z.string().transform((text, context): unknown => {
  const value = parseJson(text);
  if (value === undefined) {
    context.addIssue("no JSON");
    return z.NEVER;
  }
  return value;
});

/** SQL: states as a list for `IN`. */
export const listOf = (...states: readonly State[]): string => `(${states.map((state) => `'${state}'`).join(",")})`;
/** SQL: the states of a kind as a list for `IN`. */
export const sqlList = (kind: StateKind): string => listOf(...statesOf(kind));

/** SQLite's result code of an error, extended ones whole; undefined for an error of anything else. */
export function sqliteCodeOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "errcode") : undefined;
  return typeof code === "number" ? code : undefined;
}

/** True for a journal that somebody else has locked at this moment: SQLITE_BUSY 5 and SQLITE_LOCKED 6. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes((sqliteCodeOf(error) ?? 0) & 0xff);
}

/** Thrown for a file that is a database and has spoilt pages. */
export class Spoilt extends Error {
  override readonly name = "Spoilt";
}

/** True for a file that is no database (any more): SQLITE_CORRUPT 11 and SQLITE_NOTADB 26. */
export function isBroken(error: unknown): boolean {
  return error instanceof Spoilt || [11, 26].includes((sqliteCodeOf(error) ?? 0) & 0xff);
}

/** True for a value that a table does not take: SQLITE_CONSTRAINT 19 and SQLITE_MISMATCH 20. */
export function isMisfit(error: unknown): boolean {
  return [19, 20].includes((sqliteCodeOf(error) ?? 0) & 0xff);
}

/** How long a call to SQLite may stand still for a lock, ms. The whole window stands still with it. */
export const lockWait = 50;
/** ms between two tries at a lock, at first and at most. */
const [firstPause, longestPause] = [20, 250];

/**
 * Does something in the journal as soon as it is free, without holding the window up.
 * @param patience ms after which the lock's own error is thrown.
 * @throws what `work` throws.
 */
export async function patiently<T>(work: () => T, patience = 10_000): Promise<T> {
  const began = performance.now();
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - began >= patience) {
        throw error;
      }
    }
    await setTimeout(pause);
  }
}

/**
 * Does what a user asked for in the journal, as soon as it is free.
 * @throws {ProblemError} `journalBusy` where that takes too long; nothing was changed then.
 */
export async function whenFree<T>(work: () => T, patience?: number): Promise<T> {
  try {
    return await patiently(work, patience);
  } catch (error) {
    throw isBusy(error) ? new ProblemError({ code: "journalBusy" }, { cause: error }) : error;
  }
}
