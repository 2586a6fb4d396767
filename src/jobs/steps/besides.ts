import { randomUUID } from "node:crypto";
import { idIn } from "../decisions.ts";
import { type FrozenImage, type Job, type Progress, requestIdOf } from "../job.ts";
import type { StepContext } from "./context.ts";

/** The request that a progress names, be it in the problem of an answer that was not clear. */
export function idOf(progress: Progress): string | undefined {
  return requestIdOf(progress) ?? ("problem" in progress && progress.problem ? idIn(progress.problem) : undefined);
}

/**
 * A request that may be paid, whose job has moved on without it, becomes a job of its own, unless one has it already.
 * @param progress where that request stands
 */
export function keepBesides(context: StepContext, job: Job, progress: Progress, requestId: string): void {
  const { journal, ports, owner } = context;
  if (journal.list().some((other) => idOf(other.progress) === requestId)) {
    return;
  }
  const id = randomUUID();
  const now = ports.now();
  // The copies of the images stay with the job that they were made for.
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
