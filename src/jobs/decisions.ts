import { codeOf } from "../shared/errors.ts";
import type { Payment } from "../shared/model/budget.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import type { Problem } from "../shared/model/problem.ts";

import { canBeTakenUp, idIn, idOf, isDenied, type Job, mayBePaid, openBefore, type Progress } from "./job.ts";
import { isAboutEarlier, withFound } from "./journal/besides.ts";
import type { Change } from "./journal/change.ts";

// What a user's decision does to a job in its current state: the change, or undefined where it is not possible now.

/** A job that was not sent yet ends here. Once it was sent, only the service can cancel it. */
export function cancelled({ progress }: Job, now: number): Change | undefined {
  switch (progress.state) {
    case "preparing":
    case "waiting":
      return { progress: { state: "cancelled" }, endedAt: now };
    case "submitting":
    case "queued":
    case "running":
      return { cancel: "asked" };
    case "unclear":
    case "downloading":
    case "needsAction":
    case "saved":
    case "failed":
    case "cancelled":
      return undefined;
  }
}

/**
 * A job that failed without a request, or whose answer was lost, waits to be sent again; with `hosting`, its images go that
 * way. The user decided on an older view of the job: if it may be paid for by now, only a user who was told so sends it.
 */
export function sentAgain(current: Job, payment: Payment, hosting?: UploadKind): Change | undefined {
  const { progress, order } = asBefore(current);
  if (progress.state !== "unclear" && (progress.state !== "failed" || progress.requestId !== undefined)) {
    return undefined;
  }
  if (mayBePaid(progress) && payment.acceptsSecond !== true) {
    return undefined;
  }
  const { estimate: _, ...same } = order;
  // One that is open for an earlier POST has that among its lost ones already.
  const isLost = mayBePaid(progress) && !isAboutEarlier(progress);
  const lost = isLost ? { lost: [...(order.lost ?? []), idIn(progress.problem) ?? ""] } : {};
  return {
    progress: { state: "waiting", reason: "turn" },
    cancel: "none",
    order: { ...same, ...lost, ...estimateField(payment), ...(hosting !== undefined && { hosting }) },
  };
}

/**
 * We stop watching a request, which may continue at the service and cost money. `retried` takes it up again by its id.
 */
export function stopped({ progress }: Job, now: number): Change | undefined {
  switch (progress.state) {
    case "queued":
    case "running":
    case "downloading":
      return {
        progress: {
          ...{ state: "failed", requestId: progress.requestId },
          problem: { code: "watchStopped", ...(isDenied(progress) && { denied: true }) },
          ...destinationField(progress),
        },
        endedAt: now,
      };
    default:
      return undefined;
  }
}

/** A job whose answer was lost gets its request after all, or another one in place of one that the service denies. */
export function adopted(current: Job, requestId: string, now: number): Change | undefined {
  const job = asBefore(current);
  const problem = problemOfLost(job.progress);
  if (problem === undefined) {
    return undefined;
  }
  const { order } = { ...job, ...foundField(job, requestId) };
  const isTyped = idIn(problem) !== requestId;
  return {
    progress: { state: "queued", requestId },
    submittedAt: now,
    cancel: "none",
    order: isTyped ? { ...order, unconfirmed: { typed: requestId, problem } } : order,
  };
}

/** What is known of a POST whose outcome is not; undefined for a job that has none. */
function problemOfLost(progress: Progress): Problem | undefined {
  return mayBePaid(progress) && "problem" in progress ? progress.problem : undefined;
}

/** A job as it was before its user typed an id that the service denies; any other job as it is. */
function asBefore(job: Job): Job {
  const problem = openBefore(job);
  const { unconfirmed, ...order } = job.order;
  if (problem === undefined || unconfirmed === undefined) {
    return job;
  }
  const { lost } = order;
  const at = lost?.indexOf(unconfirmed.typed) ?? -1;
  return {
    ...job,
    order: lost === undefined || at < 0 ? order : { ...order, lost: lost.with(at, "") },
    progress: { state: "failed", problem },
  };
}

/** Where a job is open for an earlier POST alone, that is the one which has turned up. */
function foundField({ progress, order }: Job, requestId: string): Pick<Change, "order"> {
  return isAboutEarlier(progress) ? { order: withFound(order, requestId) } : {};
}

/**
 * A stopped job continues: it asks for its result if there was none to fetch, and fetches the video otherwise. A job that
 * was given up with its request's id is taken up again.
 */
export function retried({ progress }: Job): Change | undefined {
  if (progress.state === "failed" && canBeTakenUp(progress) && progress.requestId !== undefined) {
    const { requestId, placing } = progress;
    return { progress: placing ? { state: "downloading", requestId, placing } : { state: "running", requestId } };
  }
  if (progress.state !== "needsAction") {
    return undefined;
  }
  const { requestId, problem, placing } = progress;
  const state =
    problem.code === "requestUnknown" || problem.code === "notOurs" || problem.code === "noVideo"
      ? "running"
      : "downloading";
  return { progress: state === "running" ? { state, requestId } : { state, requestId, ...(placing && { placing }) } };
}

/** A stopped job saves its video into another folder; `root` is the nearest existing folder above that one. */
export function moved({ progress, order }: Job, folder: string, root: string): Change | undefined {
  return progress.state === "needsAction"
    ? { order: { ...order, folder, root }, progress: { state: "downloading", requestId: progress.requestId } }
    : undefined;
}

/** A job may download from the host that it stopped at. */
export function trusted({ progress, order }: Job): Change | undefined {
  return progress.state === "needsAction" && progress.problem.code === "hostNotTrusted"
    ? {
        order: { ...order, trustedHosts: [...(order.trustedHosts ?? []), progress.problem.host] },
        progress: { state: "downloading", requestId: progress.requestId },
      }
    : undefined;
}

/** The user gives up a stopped job, which keeps its request id if it has one. */
export function dropped({ progress }: Job, now: number): Change | undefined {
  switch (progress.state) {
    case "unclear":
      return { progress: { state: "failed", problem: progress.problem }, endedAt: now };
    case "needsAction":
      return {
        progress: {
          ...{ state: "failed", problem: progress.problem, requestId: progress.requestId },
          ...destinationField(progress),
        },
        endedAt: now,
      };
    default:
      return undefined;
  }
}

/** The estimate of a payment, as an order keeps it. */
export function estimateField({ estimate }: Payment): { estimate?: number } {
  return estimate === undefined ? {} : { estimate };
}

/** What became of a POST, for the job that it was sent for. */
export interface OutcomeChange extends Change {
  readonly progress: Extract<Progress, { state: "queued" | "waiting" | "failed" | "unclear" }>;
}

/**
 * What the outcome of a POST does to its job in its current state; undefined if the job has moved on. A late answer still
 * counts for a job that another window has meanwhile called unclear: the job keeps the request's id. If nothing was paid the
 * job ends instead, because its user was told that it waits for their decision. A cancel that the user asked for while the
 * POST was on its way ends a job that the service certainly did not take.
 */
export function outcomeFor(current: Job, attempt: string, outcome: OutcomeChange, now: number): Change | undefined {
  const { progress } = current;
  const isAwaited = (progress.state === "submitting" || progress.state === "unclear") && progress.attempt === attempt;
  switch (outcome.progress.state) {
    case "queued": {
      const { requestId } = outcome.progress;
      if (isAwaited) {
        return outcome;
      }
      return hasPlaceFor(progress, requestId)
        ? { ...outcome, ...foundField(current, requestId) }
        : besides(current, outcome, requestId);
    }
    case "unclear": {
      const { problem } = outcome.progress;
      if (progress.state === "submitting" && isAwaited) {
        return { ...outcome, progress: { ...outcome.progress, attempt } };
      }
      const requestId = idIn(problem);
      if (requestId === undefined || requestId === idOf(progress)) {
        return undefined;
      }
      return (progress.state === "unclear" || progress.state === "failed") && hasPlaceFor(progress, requestId, attempt)
        ? { progress: { ...progress, problem }, ...sentWithField(outcome), ...foundField(current, requestId) }
        : besides(current, outcome, requestId);
    }
    case "waiting":
    case "failed": {
      const wasUnclear = progress.state === "unclear";
      if (!isAwaited) {
        return undefined;
      }
      const settled = wasUnclear ? { settled: true as const } : {};
      if (current.cancel === "asked") {
        return { progress: { state: "cancelled" }, endedAt: now, ...settled };
      }
      if (outcome.progress.state === "waiting" && !wasUnclear) {
        return outcome;
      }
      const problem: Problem =
        outcome.progress.state === "failed" ? outcome.progress.problem : { code: "notSentAfterAll" };
      return { progress: { state: "failed", problem }, endedAt: now, ...settled };
    }
  }
}

/** True where a job may be paid for by nobody knows which request, and is not about another POST than this one. */
function hasPlaceFor(progress: Progress, requestId: string, attempt?: string): boolean {
  const named = idOf(progress);
  const isAnothers = progress.state === "unclear" && progress.attempt !== undefined && progress.attempt !== attempt;
  return mayBePaid(progress) && (named === undefined || named === requestId) && !isAnothers;
}

/** A POST of the job that was lost so far has its request in a job of its own. */
function besides({ order }: Job, outcome: OutcomeChange, requestId: string): Change {
  const { progress, sentWith, submittedAt } = outcome;
  return { besides: { progress, sentWith, submittedAt }, order: withFound(order, requestId) };
}

function sentWithField({ sentWith }: Change): Pick<Change, "sentWith"> {
  return sentWith === undefined ? {} : { sentWith };
}

/** Where a job's video goes, as a field of the states that keep it. */
function destinationField(
  progress: Extract<Progress, { requestId?: string | undefined }>,
): Pick<Extract<Progress, { state: "downloading" }>, "placing"> {
  return "placing" in progress && progress.placing !== undefined ? { placing: progress.placing } : {};
}

/** The job shows an unexpected error, and the program keeps trying. */
export function withFault({ progress }: Job, error: unknown): Change | undefined {
  const name = error instanceof Error ? codeOf(error) || error.name : "Error";
  const problem: Problem = { code: "unexpected", reason: name };
  switch (progress.state) {
    case "waiting":
      return { progress: { ...progress, reason: "fault", problem } };
    case "preparing":
    case "queued":
    case "running":
    case "downloading":
      return { progress: { ...progress, problem } };
    default:
      return undefined;
  }
}
