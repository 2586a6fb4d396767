import { randomUUID } from "node:crypto";
import { wireBody } from "../model/parameters.ts";
import type { Problem } from "../model/problem.ts";
import type { Submission } from "../runcomfy/client.ts";
import { carriesImages, hostPair } from "./hosting.ts";
import { type FrozenImage, type Job, mayBePaid, type Progress, requestIdOf } from "./job.ts";
import type { Change } from "./journal.ts";
import { longestSpacing } from "./spacing.ts";
import { LeaseLost, type Memory, move, type Next, problemOf, type StepContext } from "./stepContext.ts";

/** No service may ask for a longer pause, ms. */
const longestPause = 3_600_000;

/** Sends a job that waits, once, when its turn has come. */
export async function submit(
  context: StepContext,
  job: Job,
  waiting: Extract<Progress, { state: "waiting" }>,
  memory: Memory,
): Promise<Next> {
  const { journal, ports, owner } = context;
  const { notBefore } = waiting;
  const pause = notBefore === undefined ? 0 : notBefore - ports.now();
  // Nobody is asked to wait for longer than an hour (`retryAfterOf`): what is later comes from a clock that was set back.
  if (pause > 0 && pause <= longestPause) {
    return Math.min(pause, longestSpacing);
  }
  const sentWith = await ports.tokenInUse();
  if (sentWith === undefined) {
    if (waiting.reason !== "token") {
      move(context, job, { progress: { state: "waiting", reason: "token" } });
    }
    return longestSpacing;
  }
  let body: Record<string, string | number>;
  try {
    const pair = await hostPair(context, job);
    body = wireBody({ ...pair, prompt: job.order.prompt, parameters: job.order.parameters });
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== "storageUnreachable") {
      move(context, job, { progress: { state: "failed", problem }, endedAt: ports.now() });
      return "rest";
    }
    memory.failures += 1;
    if (JSON.stringify(waiting.problem) !== JSON.stringify(problem)) {
      move(context, job, { progress: { state: "waiting", reason: "storage", problem } });
    }
    return Math.min(1000 * 2 ** memory.failures, longestSpacing);
  }
  ports.checkpoint("before:submitting");
  const attempt = randomUUID();
  const claimed = journal.change(
    job.id,
    (current) =>
      current.progress.state === "waiting" && journal.countAtService(ports.now()) < ports.limits().jobsAtOnce
        ? { progress: { state: "submitting", attempt }, sentWith }
        : undefined,
    { owner, now: ports.now() },
  );
  if (claimed === undefined) {
    return 2000;
  }
  context.changed();
  ports.checkpoint("after:submitting");
  // The process may have stood still since the commit: whoever lost the lease must not send any more.
  if (!journal.holds(job.id, owner, ports.now())) {
    await write(context, claimed, attempt, { progress: { state: "waiting", reason: "turn" } });
    throw new LeaseLost();
  }
  ports.log(`${job.id} submits`);
  ports.checkpoint("sending");
  const submission = await ports.client(job.order.service, sentWith).submit(body);
  ports.checkpoint("answered");
  return record(context, claimed, attempt, submission);
}

/** Writes down what became of a POST. The answer is the only proof of payment, so it is written without a lease too. */
async function record(context: StepContext, job: Job, attempt: string, submission: Submission): Promise<Next> {
  const { ports } = context;
  const now = ports.now();
  switch (submission.outcome) {
    case "accepted":
      ports.log(`${job.id} accepted as request ${submission.requestId}`);
      await write(context, job, attempt, {
        progress: { state: "queued", requestId: submission.requestId },
        submittedAt: now,
      });
      return 1000;
    case "notSent":
      await write(context, job, attempt, {
        progress: { state: "waiting", reason: "unreachable", problem: submission.problem, notBefore: now + 10_000 },
      });
      return 10_000;
    case "throttled": {
      const pause = submission.retryAfter ?? 15_000;
      await write(context, job, attempt, {
        progress: { state: "waiting", reason: "throttled", notBefore: now + pause },
      });
      return pause;
    }
    case "refused": {
      const problem = carriesImages(job) ? maybeForImages(submission.problem) : submission.problem;
      await write(context, job, attempt, { progress: { state: "failed", problem }, endedAt: now });
      return "rest";
    }
    case "unclear":
      await write(context, job, attempt, { progress: { state: "unclear", problem: submission.problem } });
      return "rest";
  }
}

/** A refusal that says nothing of balance, token or model may be about the images inside the request (field notes, 2). */
function maybeForImages(problem: Problem): Problem {
  if (problem.code !== "refused") {
    return problem;
  }
  const { status, serviceCode, message } = problem;
  const aboutModel = status === 404 || serviceCode === 400001 || Math.floor((serviceCode ?? 0) / 1000) === 404;
  return aboutModel ? problem : { code: "dataUriRefused", status, serviceCode, message };
}

/**
 * Commits the outcome of a POST, however long the disk refuses: the alternative is to forget a payment. A job whose next
 * POST was decided on meanwhile is left alone; one that another window called unclear gets its request after all.
 */
async function write(context: StepContext, job: Job, attempt: string, change: Change): Promise<void> {
  const { journal, ports } = context;
  const applies = ({ progress }: Job) =>
    progress.state === "submitting"
      ? progress.attempt === attempt
      : mayBePaid(progress) && change.progress?.state === "queued";
  for (;;) {
    try {
      ports.checkpoint(`before:${change.progress?.state}`);
      const written = journal.change(job.id, (current) => (applies(current) ? change : undefined)) !== undefined;
      ports.checkpoint(`after:${change.progress?.state}`);
      if (written) {
        ports.log(`${job.id} ${job.progress.state} -> ${change.progress?.state}`);
      } else if (change.progress?.state === "queued") {
        keepBesides(context, job, change.progress);
      }
      context.changed();
      return;
    } catch (error) {
      ports.log(`${job.id} the journal cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** A paid request whose job has moved on without it becomes a job of its own, unless one follows it already. */
function keepBesides(context: StepContext, job: Job, progress: Extract<Progress, { state: "queued" }>): void {
  const { journal, ports, owner } = context;
  if (journal.list().some((other) => requestIdOf(other.progress) === progress.requestId)) {
    return;
  }
  const id = randomUUID();
  const now = ports.now();
  // The copies of the images stay with the job that they were made for.
  const order = { ...job.order, start: withoutCopy(job.order.start), end: withoutCopy(job.order.end) };
  journal.insert({ id, createdAt: now, order, progress, sentWith: job.sentWith }, owner, now, () =>
    journal.charges.found(job.id),
  );
  ports.log(`${id} follows request ${progress.requestId}, which ${job.id} has moved on without`);
}

function withoutCopy(image: FrozenImage): FrozenImage {
  if (image.kind !== "file") {
    return image;
  }
  const { copy: _, ...rest } = image;
  return rest;
}
