import type { SQLOutputValue } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { type State, type StateKind, statesOf } from "../../shared/jobs/states.ts";
import { parseJson } from "../../shared/json.ts";
import { ProblemError } from "../../shared/model/problem.ts";

// What the parts of the journal share about SQLite: its errors, waiting for a lock, and states in conditions.

/** A row of any table, by its columns. */
export type SqlRow = Record<string, SQLOutputValue>;

/** Parses JSON text. Other text is an issue. */
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

/** SQLite's result code of an error, with its extension; undefined for other errors. */
export function sqliteCodeOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "errcode") : undefined;
  return typeof code === "number" ? code : undefined;
}

/** True if somebody else has the journal locked: SQLITE_BUSY 5 and SQLITE_LOCKED 6. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes((sqliteCodeOf(error) ?? 0) & 0xff);
}

/** Thrown for a database with damaged pages. */
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

/** How long a call to SQLite may block for a lock, ms. It blocks the whole window. */
export const lockWait = 50;
/** The first and the longest pause between two tries at a lock, ms. */
const [firstPause, longestPause] = [20, 250];

/**
 * Runs `work` on the journal as soon as it is free, without blocking the window.
 * @param patience ms after which it throws the lock's own error.
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
 * Like `patiently`, for what a user asked for.
 * @throws {ProblemError} `journalBusy` if that takes too long; then nothing changed.
 */
export async function whenFree<T>(work: () => T, patience?: number): Promise<T> {
  try {
    return await patiently(work, patience);
  } catch (error) {
    throw isBusy(error) ? new ProblemError({ code: "journalBusy" }, { cause: error }) : error;
  }
}
