import { ProblemError } from "../../shared/model/problem.ts";
import { type FrozenDraft, isEnded, needsUser, type Progress } from "../job.ts";
import type { Besides } from "./besides.ts";
import { mostUsd } from "./charges.ts";

/** What may change in a job. Undefined leaves a field as it is. */
export interface Change {
  readonly progress?: Progress;
  readonly order?: FrozenDraft;
  readonly submittedAt?: number;
  readonly runningAt?: number;
  readonly ranUntil?: number;
  readonly endedAt?: number;
  readonly cancel?: "asked" | "tooLate" | "none";
  readonly sentWith?: string;
  /** A request that may be paid and that the job has moved on without, to be kept unless a job has it already. */
  readonly besides?: Besides;
  /** The outcome of an unclear POST is known after all: it was not paid for. */
  readonly settled?: true;
  /** The user need not be notified of the next end. */
  readonly quietly?: true;
}

/** True for a job that had come to rest and continues: its user will hear of a new end. */
export function goesOnAgain(before: Progress, after: Progress): boolean {
  const isResting = (progress: Progress) => isEnded(progress) || needsUser(progress);
  return isResting(before) && !isResting(after);
}

/** @throws {ProblemError} `argumentInvalid` for an estimate that no video costs. */
export function checkEstimate({ estimate }: FrozenDraft): void {
  if (estimate !== undefined && !(estimate >= 0 && estimate <= mostUsd)) {
    throw new ProblemError({ code: "argumentInvalid", argument: "estimate" });
  }
}
