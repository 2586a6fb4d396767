import { basename, extname } from "node:path";
import { takeOf } from "../output/naming.ts";
import { stateTable } from "../shared/jobs/states.ts";
import type { Problem } from "../shared/model/problem.ts";
import { canBeTakenUp, idOf, isEnded, type Job, mayBePaid, needsUser, type Progress, requestIdOf } from "./job.ts";

// What all views read from a job.

/** The name of a job's video without extension. Another file may have taken the one that it was to get. */
export function nameOf({ order, progress }: Job): string {
  return progress.state === "saved" ? basename(progress.video, extname(progress.video)) : order.name;
}

/** What the id of a video that was opened from its file begins with. Ids of the journal are UUIDs. */
export const openedPrefix = "file-";

/** True for a video that was opened from its file: nothing in the journal belongs to it. */
export function isOpened({ id }: Pick<Job, "id">): boolean {
  return id.startsWith(openedPrefix);
}

/** From when a job's age counts, ms since 1970: its end, or else its beginning. */
export function agedFrom({ endedAt, createdAt }: Pick<Job, "endedAt" | "createdAt">): number {
  return endedAt ?? createdAt;
}

/** Every change of any job asks for the takes of all. */
const takes = new WeakMap<Job, { readonly take: number | undefined }>();

/** The number of a job's take in its pair's folder; undefined if its name has none. */
export function takeOfJob(job: Job): number | undefined {
  const known = takes.get(job) ?? { take: readTake(job) };
  takes.set(job, known);
  return known.take;
}

function readTake(job: Job): number | undefined {
  if (isOpened(job)) {
    // Its file alone is known, not the template of its name, which usually ends with the number.
    const [, digits] = /-(\d{3,4})$/.exec(nameOf(job)) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
  return takeOf({ name: nameOf(job), aroundTake: job.order.aroundTake });
}

/** What is delaying a job, or what ended it. */
export function problemOfJob(progress: Progress): Problem | undefined {
  return "problem" in progress ? progress.problem : undefined;
}

/** The request of a job, if anything names it, even an otherwise unusable answer. */
export function requestOf(progress: Progress): string | undefined {
  return idOf(progress);
}

/** The problems that only a finished video can have. */
const afterTheRun: ReadonlySet<Problem["code"]> = new Set([
  ...(["hostNotTrusted", "videoExpired", "downloadFailed", "notAVideo", "videoCheckFailed"] as const),
  ...(["videoTooLarge", "folderUnusable", "noVideo"] as const),
]);

/** True if the service has finished a job's video, which isn't saved. */
export function isFinishedUnsaved(progress: Progress): boolean {
  const code = problemOfJob(progress)?.code;
  return requestIdOf(progress) !== undefined && code !== undefined && afterTheRun.has(code);
}

/** Why a job could not be sent again while an earlier request of it was still open. */
export function refusalOf(progress: Progress): Problem | undefined {
  const problem = problemOfJob(progress);
  return problem?.code === "submitUnclear" ? problem.refused : undefined;
}

/** True for a job that its user has left although its request may continue at the service, or be paid for. */
export function isLeft(progress: Progress): boolean {
  return progress.state === "failed" && (mayBePaid(progress) || canBeTakenUp(progress));
}

/** True if a job that is discarded or removed may have been paid for without a video. */
export function isAtStake(progress: Progress): boolean {
  return needsUser(progress) || isLeft(progress);
}

/** True if a job has ended and nothing is lost where it leaves the list: neither money without a video, nor a question. */
export function isFinished(progress: Progress): boolean {
  return isEnded(progress) && !isAtStake(progress);
}

/** True if no request of a job has left this machine, not even one whose answer was lost. */
export function wasNeverSent({ order, progress }: Job): boolean {
  return stateTable[progress.state].unsent && (order.lost ?? []).length === 0;
}

/** True if a job needs its user to continue, even if it then continues automatically. */
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
 * When a job's elapsed time begins, ms since 1970: when it began to run, because typical times count from there; before
 * that, when it was sent or created. Undefined while nothing happens in it.
 */
export function elapsedSince({ progress, runningAt, submittedAt, createdAt }: Job): number | undefined {
  return isEnded(progress) || needsUser(progress) ? undefined : (runningAt ?? submittedAt ?? createdAt);
}
