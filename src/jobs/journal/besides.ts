import { randomUUID } from "node:crypto";
import * as z from "zod";
import {
  type FrozenDraft,
  type FrozenImage,
  idOf,
  isEnded,
  type Job,
  mayBePaid,
  type Progress,
  requestIdOf,
} from "../job.ts";
import { json, type SqlRow } from "./sql.ts";

// Two laws that hold for every change of a job, whoever decides it: no request is forgotten that may be paid.

/** A request that becomes a job of its own beside the one that it was sent for. */
export interface Besides {
  readonly progress: Progress;
  /** Which token it was sent with. */
  readonly sentWith?: string | undefined;
  /** When its POST was answered, ms. */
  readonly submittedAt?: number | undefined;
}

/** The reason of a job whose last POST came to nothing, while an earlier one is still open. */
const earlierRequest = "an earlier request";

/** True for a job that is open for an earlier POST alone: its last one was not sent, or not taken. */
export function isAboutEarlier(progress: Progress): boolean {
  return (
    progress.state === "failed" &&
    progress.problem.code === "submitUnclear" &&
    (progress.problem.refused !== undefined || progress.problem.reason === earlierRequest)
  );
}

/**
 * How a job ends. Without a request of its own, an earlier POST of it whose answer got lost may be paid for all the same,
 * whatever became of the last: its user can still look for it. One that named its request has that in a job of its own.
 */
export function endOf(progress: Progress, { lost = [] }: FrozenDraft): Progress {
  const isPlain = !isEnded(progress) || requestIdOf(progress) !== undefined || mayBePaid(progress);
  if (isPlain || !lost.includes("")) {
    return progress;
  }
  const refused =
    progress.state === "failed" && progress.problem.code !== "submitUnclear" ? { refused: progress.problem } : {};
  return { state: "failed", problem: { code: "submitUnclear", reason: earlierRequest, ...refused } };
}

/** An order of which a POST whose answer got lost has turned out to be this request. */
export function withFound(order: FrozenDraft, requestId: string): FrozenDraft {
  const at = order.lost?.indexOf("") ?? -1;
  return order.lost === undefined || at < 0 ? order : { ...order, lost: order.lost.with(at, requestId) };
}

/** What a job named before a change and does not name after it, as a job of its own. */
export function droppedBy(before: Job, after: Progress): Besides | undefined {
  const { progress, sentWith, submittedAt } = before;
  const named = idOf(progress);
  if (named === undefined || named === idOf(after)) {
    return undefined;
  }
  const isFollowed = requestIdOf(progress) !== undefined || progress.state !== "failed";
  return {
    progress: isFollowed ? withoutAttempt(progress) : { state: "unclear", problem: progress.problem },
    sentWith,
    submittedAt,
  };
}

function withoutAttempt(progress: Progress): Progress {
  return progress.state === "unclear" ? { state: "unclear", problem: progress.problem } : progress;
}

/** The order of a job for a request besides: the copies of the images and the other POSTs stay with the job that had them. */
export function orderBesides({ lost: _, posts: __, unconfirmed: ___, ...order }: FrozenDraft): FrozenDraft {
  return { ...order, start: withoutCopy(order.start), end: withoutCopy(order.end) };
}

function withoutCopy(image: FrozenImage): FrozenImage {
  if (image.kind !== "file") {
    return image;
  }
  const { copy: _, ...rest } = image;
  return rest;
}

const orderSchema = json.pipe(z.looseObject({ start: z.looseObject({}), end: z.looseObject({}) }));

/** The row of a job as that of another one, for a request that it has besides; whether this version can read it or not. */
export function besidesRow(row: SqlRow): SqlRow {
  const order = orderSchema.safeParse(row.order).data;
  const left = { start: { ...order?.start, copy: undefined }, end: { ...order?.end, copy: undefined } };
  return {
    ...row,
    id: randomUUID(),
    revision: 0,
    ...(order !== undefined && {
      order: JSON.stringify({ ...order, ...left, lost: undefined, posts: undefined, unconfirmed: undefined }),
    }),
  };
}
