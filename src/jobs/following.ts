import type { Problem } from "../model/problem.ts";
import type { Result, Status } from "../runcomfy/client.ts";
import { runTimesFor } from "./history.ts";
import type { Job, Progress } from "./job.ts";
import { save } from "./saving.ts";
import { spacing } from "./spacing.ts";
import { costField, type Memory, move, type Next, type StepContext } from "./stepContext.ts";

/** Answers in a row before "this request does not exist" is believed: a new request can lag behind on their side. */
const believedUnknowns = 4;
/** While a run drags on, /result is asked too on every n-th read (field notes, section 1). */
const resultEvery = 12;

/** Asks the service about a request: what it says of it, and once it is over, how it ended. */
export async function follow(
  context: StepContext,
  job: Job,
  progress: Extract<Progress, { state: "queued" | "running" }>,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  const { requestId } = progress;
  const client = ports.client(job.order.service, job.sentWith);
  if (job.cancel === "asked" && !memory.cancelTold) {
    const answer = await client.cancel(requestId);
    ports.checkpoint("cancelTold");
    switch (answer.phase) {
      case "unread":
        ports.log(`${job.id} cancel: ${answer.problem.code}`);
        break;
      case "tooLate":
        memory.cancelTold = true;
        move(context, job, { cancel: "tooLate" });
        break;
      case "cancelled":
      case "requested":
        memory.cancelTold = true;
        break;
    }
  }
  memory.reads += 1;
  // A run that the service called ended is waiting for its result; a run that drags on may have one all the same.
  const ended = job.ranUntil !== undefined;
  const status: Status = ended ? { phase: "ended" } : await client.status(requestId);
  switch (status.phase) {
    case "unread":
      return unread(context, job, progress, memory, status.problem, status.retryAfter);
    case "cancelled":
      move(context, job, { progress: { state: "cancelled", requestId }, endedAt: ports.now() });
      return "rest";
    case "ended": {
      if (ended) {
        return decide(context, job, requestId, await client.result(requestId), memory);
      }
      const now = ports.now();
      move(context, job, { progress: { state: "running", requestId }, runningAt: job.runningAt ?? now, ranUntil: now });
      // The result is read by a step of its own, so that the rate of all reads holds.
      return 0;
    }
    case "queued":
      readable(memory);
      if (progress.state !== "queued" || progress.position !== status.position || progress.problem !== undefined) {
        const position = status.position === undefined ? {} : { position: status.position };
        move(context, job, { progress: { state: "queued", requestId, ...position } });
      }
      return pause(context, job, "queued", memory, { position: status.position });
    case "running": {
      readable(memory);
      const word = status.word === undefined ? {} : { word: status.word };
      const next: Progress = { state: "running", requestId, ...word };
      const tooLate = job.cancel === "asked" && memory.cancelTold ? { cancel: "tooLate" as const } : undefined;
      const running =
        progress.state === "running" &&
        progress.word === status.word &&
        progress.problem === undefined &&
        tooLate === undefined
          ? job
          : move(context, job, { progress: next, runningAt: job.runningAt ?? ports.now(), ...tooLate });
      if (memory.reads % resultEvery === 0) {
        const result = await client.result(requestId);
        if (result.phase === "succeeded" || result.phase === "failed") {
          return decide(context, running, requestId, result, memory);
        }
      }
      return pause(context, running, "running", memory, {});
    }
  }
}

function readable(memory: Memory): void {
  memory.failures = 0;
  memory.unknowns = 0;
}

/** A read that told nothing: shown at the job, asked again later, and believed only where it is final and repeated. */
function unread(
  context: StepContext,
  job: Job,
  progress: Extract<Progress, { state: "queued" | "running" }>,
  memory: Memory,
  problem: Problem,
  retryAfter: number | undefined,
): Next {
  memory.failures += 1;
  memory.unknowns = problem.code === "requestUnknown" || problem.code === "notOurs" ? memory.unknowns + 1 : 0;
  if (memory.unknowns >= believedUnknowns) {
    move(context, job, { progress: { state: "needsAction", requestId: progress.requestId, problem } });
    return "rest";
  }
  if (JSON.stringify(progress.problem) !== JSON.stringify(problem)) {
    move(context, job, { progress: { ...progress, problem } });
  }
  return pause(context, job, progress.state, memory, { retryAfter });
}

function pause(
  context: StepContext,
  job: Job,
  phase: "queued" | "running" | "ended",
  memory: Memory,
  facts: { position?: number | undefined; retryAfter?: number | undefined },
): number {
  const { ports, journal } = context;
  const since = { queued: job.submittedAt, running: job.runningAt, ended: job.ranUntil }[phase] ?? job.createdAt;
  return spacing(
    {
      phase,
      age: Math.max(ports.now() - since, 0),
      runTimes: phase === "running" ? runTimesFor(job.order, journal.lastSaved()) : undefined,
      failures: memory.failures,
      focused: ports.isFocused(),
      jobs: journal.countAtService(ports.now()),
      ...facts,
    },
    ports.random(),
  );
}

/** Only /result says how a request ended (field notes, fact 2). */
async function decide(
  context: StepContext,
  job: Job,
  requestId: string,
  result: Result,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  const trouble = "problem" in job.progress ? job.progress.problem : undefined;
  switch (result.phase) {
    case "succeeded": {
      readable(memory);
      const downloading = move(context, job, {
        progress: { state: "downloading", requestId },
        ranUntil: job.ranUntil ?? ports.now(),
      });
      return save(context, downloading, requestId, memory, result);
    }
    case "failed":
      move(context, job, {
        progress: {
          state: "failed",
          requestId,
          problem: { code: "generationFailed", message: result.message },
          ...costField(result.cost),
        },
        endedAt: ports.now(),
      });
      return "rest";
    case "cancelled":
      move(context, job, {
        progress: { state: "cancelled", requestId, ...costField(result.cost) },
        endedAt: ports.now(),
      });
      return "rest";
    case "empty":
      answered();
      // A success without a video may be a result that lags behind; after ten minutes the user is asked.
      if (ports.now() - (job.ranUntil ?? ports.now()) > 600_000) {
        move(context, job, { progress: { state: "needsAction", requestId, problem: { code: "noVideo" } } });
        return "rest";
      }
      return pause(context, job, "ended", memory, {});
    case "notReady":
      answered();
      return pause(context, job, "ended", memory, {});
    case "unread":
      return unread(
        context,
        job,
        { state: "running", requestId, ...(trouble && { problem: trouble }) },
        memory,
        result.problem,
        result.retryAfter,
      );
  }

  /** The service can be read again: trouble that was shown is over. */
  function answered(): void {
    readable(memory);
    if (trouble !== undefined) {
      move(context, job, { progress: { state: "running", requestId } });
    }
  }
}
