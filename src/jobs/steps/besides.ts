import { randomUUID } from "node:crypto";
import { idIn } from "../decisions.ts";
import { type FrozenImage, type Job, type Progress, requestIdOf } from "../job.ts";
import type { StepContext } from "./context.ts";

/** The request that a progress names, even if only in the problem of an unclear answer. */
export function idOf(progress: Progress): string | undefined {
  return requestIdOf(progress) ?? ("problem" in progress && progress.problem ? idIn(progress.problem) : undefined);
}

/**
 * Turns a request that may be paid for, and whose job has moved on without it, into a job of its own, unless a job has it.
 * @param progress the state of that request
 */
export function keepBesides(context: StepContext, job: Job, progress: Progress, requestId: string): void {
  const { journal, ports, owner } = context;
  if (journal.list().some((other) => idOf(other.progress) === requestId)) {
    return;
  }
  const id = randomUUID();
  const now = ports.now();
  // The copies of the images stay with their job.
  const order = { ...job.order, start: withoutCopy(job.order.start), end: withoutCopy(job.order.end) };
  journal.insert({ id, createdAt: now, order, progress, sentWith: job.sentWith }, owner, now, () =>
    journal.charges.found(job.id),
  );
  ports.log(`${id} keeps request ${requestId}, which ${job.id} has moved on without`);
}

function withoutCopy(image: FrozenImage): FrozenImage {
  if (image.kind !== "file") {
    return image;
  }
  const { copy: _, ...rest } = image;
  return rest;
}
