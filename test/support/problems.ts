import assert from "node:assert/strict";
import { type Problem, ProblemError } from "../../src/shared/model/problem.ts";

/** The error that some work is refused with. Work that succeeds, or fails by a bug, fails the test. */
export async function refusalOf(work: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await work.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error;
}

/** The problem that some work is refused with, as `refusalOf`. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  return (await refusalOf(work)).problem;
}

/** Tells a problem by its code, for `assert.rejects` and `assert.throws`. */
export const refused = (code: Problem["code"]) => (error: unknown) =>
  error instanceof ProblemError && error.problem.code === code;
