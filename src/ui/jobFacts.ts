import { canBeTakenUp, idOf, isEnded, type Job, mayBePaid, needsUser, type Progress } from "../jobs/job.ts";
import type { Problem } from "../shared/model/problem.ts";

// What views read off a job, the same in all of them.

/** What stands in a job's way, or has ended it. */
export function problemOf(progress: Progress): Problem | undefined {
  return "problem" in progress ? progress.problem : undefined;
}

/** The request of a job as far as anything names it: also an answer that was otherwise of no use. */
export function requestOf(progress: Progress): string | undefined {
  return idOf(progress);
}

/** Why sending a job again came to nothing, where an earlier request of it is still open. */
export function refusalOf(progress: Progress): Problem | undefined {
  const problem = problemOf(progress);
  return problem?.code === "submitUnclear" ? problem.refused : undefined;
}

/** True for a job that its user has left, while its request may go on at the service, or be paid for. */
export function isLeft(progress: Progress): boolean {
  return progress.state === "failed" && (mayBePaid(progress) || canBeTakenUp(progress));
}

/** True where a job that is dropped or removed may have been paid for without a video. */
export function isAtStake(progress: Progress): boolean {
  return needsUser(progress) || isLeft(progress);
}

/** True where a job goes no further without its user, also where it goes on by itself as soon as they have helped. */
export function waitsForUser(progress: Progress): boolean {
  switch (progress.state) {
    case "waiting":
      return progress.reason === "token" || progress.reason === "setting";
    case "queued":
    case "running":
    case "downloading":
      return ["tokenMissing", "tokenRefused", "tokenStoreFails", "notOurs"].includes(progress.problem?.code ?? "");
    default:
      return needsUser(progress);
  }
}

/**
 * Where the time begins that a job has taken so far, ms since 1970: when it began to run, which is what typical times
 * count from; before that, when it was sent or made. Undefined while nothing goes on in it.
 */
export function elapsedSince({ progress, runningAt, submittedAt, createdAt }: Job): number | undefined {
  return isEnded(progress) || needsUser(progress) ? undefined : (runningAt ?? submittedAt ?? createdAt);
}
