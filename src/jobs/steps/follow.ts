import { isDeepStrictEqual } from "node:util";
import type { Result, Status, Unread } from "../../runcomfy/client.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { Job, Progress } from "../job.ts";
import { costField, type Memory, move, type Next, type StepContext } from "./context.ts";
import { runTimesFor } from "./runTimes.ts";
import { backoff, pauseLeft, spacing } from "./spacing.ts";

/**
 * True if the service has said often and long enough that a request does not exist or is not ours.
 * @param ms how long it has said so without a break
 */
export function isBelieved({ code }: Problem, ms: number, answers: number): boolean {
  return (code === "requestUnknown" || code === "notOurs") && ms > believedAfter && answers >= believedAnswers;
}

/**
 * How long (ms), and in how many answers in a row, the service must say "this request does not exist" or "it is not yours"
 * before we tell the user. A new request can lag behind on their side, and a service can be half up for a night. Even then
 * we keep asking now and then (`healing.ts`).
 */
const believedAfter = 6 * 3_600_000;
const believedAnswers = 4;
/** While a run drags on, every n-th read also asks /result (`docs/service.md`, "Calls"). */
const resultEvery = 12;
/** For how long a success without a video may only mean that the result lags behind, ms. */
const lagging = 600_000;

type Followed = Extract<Progress, { state: "queued" | "running" }>;

/** Asks the service for the status of a request, and once the request is over, how it ended. */
export async function follow(context: StepContext, job: Job, progress: Followed, memory: Memory): Promise<Next> {
  const { ports } = context;
  const { requestId } = progress;
  const client = ports.client(job.order.service, job.sentWith);
  if (isCancelDue(job, progress, memory, ports.now()) && !(await tellCancel(context, job, progress, memory))) {
    // The read is a step of its own: it has to respect the rate limit and the pause that the service asked for.
    return 0;
  }
  // Whatever woke the job, the service asked for a pause.
  const wished = pauseLeft(progress.notBefore, ports.now());
  if (wished > 0) {
    return wished;
  }
  memory.reads += 1;
  // A run that the service called ended waits for its result. A run that drags on may have one, too.
  const ended = job.ranUntil !== undefined;
  const status: Status = ended ? { phase: "ended" } : await client.status(requestId);
  switch (status.phase) {
    case "unread":
      return unread(context, job, progress, memory, status);
    case "cancelled":
      await move(context, job, { progress: { state: "cancelled", requestId }, endedAt: ports.now() });
      return "rest";
    case "ended": {
      if (ended) {
        return decide(context, job, requestId, await client.result(requestId), memory);
      }
      const now = ports.now();
      await move(context, job, {
        progress: { state: "running", requestId, ...cancelFacts(progress) },
        runningAt: job.runningAt ?? now,
        ranUntil: now,
      });
      // A step of its own reads the result, to respect the rate limit.
      return 0;
    }
    case "queued":
      readable(memory);
      if (progress.state !== "queued" || progress.position !== status.position || progress.problem !== undefined) {
        const position = status.position === undefined ? {} : { position: status.position };
        await move(context, job, { progress: { state: "queued", requestId, ...position, ...cancelFacts(progress) } });
      }
      return pause(context, job, "queued", memory, { position: status.position });
    case "running": {
      readable(memory);
      const word = status.word === undefined ? {} : { word: status.word };
      const next: Progress = { state: "running", requestId, ...word, ...cancelFacts(progress) };
      const tooLate = job.cancel === "asked" && memory.cancelTold ? { cancel: "tooLate" as const } : undefined;
      const running =
        progress.state === "running" &&
        progress.word === status.word &&
        progress.problem === undefined &&
        tooLate === undefined
          ? job
          : await move(context, job, { progress: next, runningAt: job.runningAt ?? ports.now(), ...tooLate });
      if (memory.reads % resultEvery === 0) {
        const result = await client.result(requestId);
        if (result.phase === "succeeded" || result.phase === "failed") {
          return decide(context, running, requestId, result, memory);
        }
        if (result.phase === "unread" && result.retryAfter !== undefined) {
          return unread(context, running, asRunning(running, requestId), memory, result);
        }
      }
      return pause(context, running, "running", memory, {});
    }
  }
}

/** A user's cancel goes at once, even during a pause that the service asked for. A repeated one waits. */
function isCancelDue(job: Job, progress: Followed, memory: Memory, now: number): boolean {
  if (job.cancel !== "asked" || memory.cancelTold) {
    return false;
  }
  const { cancelAgain, notBefore } = progress;
  return cancelAgain === undefined || Math.max(pauseLeft(cancelAgain, now), pauseLeft(notBefore, now)) === 0;
}

/** Sends a cancel to the service. False if the answer was not clear; the job then knows when to repeat it. */
async function tellCancel(context: StepContext, job: Job, progress: Followed, memory: Memory): Promise<boolean> {
  const { ports } = context;
  const answer = await ports.client(job.order.service, job.sentWith).cancel(progress.requestId);
  ports.checkpoint("cancelTold");
  if (answer.phase === "unread") {
    ports.log(`${job.id} cancel: ${answer.problem.code}`);
    memory.cancelFailures += 1;
    const { retryAfter } = answer;
    const now = ports.now();
    const again = now + Math.max(backoff(memory.cancelFailures), retryAfter ?? 0);
    const wish = retryAfter === undefined ? {} : { notBefore: Math.max(now + retryAfter, progress.notBefore ?? 0) };
    await move(context, job, { progress: { ...progress, ...wish, cancelAgain: again } });
    return false;
  }
  memory.cancelTold = true;
  if (answer.phase === "tooLate") {
    await move(context, job, { cancel: "tooLate" });
  }
  return true;
}

/** What is known about a cancel stays with its request, whatever a read says. */
function cancelFacts({ cancelAgain }: Followed): { cancelAgain?: number } {
  return cancelAgain === undefined ? {} : { cancelAgain };
}

function readable(memory: Memory): void {
  memory.failures = 0;
}

/** A read said nothing about the request. The job shows that, and we ask again later, however long it takes. */
async function unread(
  context: StepContext,
  job: Job,
  progress: Followed,
  memory: Memory,
  { problem, retryAfter }: Pick<Unread, "problem" | "retryAfter">,
): Promise<Next> {
  const { ports } = context;
  memory.failures += 1;
  const now = ports.now();
  const isSame = progress.problem?.code === problem.code;
  const since = isSame ? (progress.since ?? now) : now;
  if (isBelieved(problem, now - since, memory.failures)) {
    await move(context, job, { progress: { state: "needsAction", requestId: progress.requestId, problem } });
    return "rest";
  }
  if (!isSame || retryAfter !== undefined || !isDeepStrictEqual(progress.problem, problem)) {
    const wish = retryAfter === undefined ? {} : { notBefore: now + retryAfter };
    const { notBefore: _, ...rest } = progress;
    await move(context, job, { progress: { ...rest, problem, since, ...wish } });
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

/** Only /result says how a request ended (`docs/service.md`, "Calls"). */
async function decide(
  context: StepContext,
  job: Job,
  requestId: string,
  result: Result,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  switch (result.phase) {
    case "succeeded": {
      readable(memory);
      await move(context, job, {
        progress: { state: "downloading", requestId },
        ranUntil: job.ranUntil ?? ports.now(),
      });
      // Saving is a step of its own: it can take minutes, and reads must not wait for that.
      memory.found = result;
      return 0;
    }
    case "failed":
      await move(context, job, {
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
      await move(context, job, {
        progress: { state: "cancelled", requestId, ...costField(result.cost) },
        endedAt: ports.now(),
      });
      return "rest";
    case "empty":
      await answered();
      if (ports.now() - (job.ranUntil ?? ports.now()) > lagging) {
        await move(context, job, { progress: { state: "needsAction", requestId, problem: { code: "noVideo" } } });
        return "rest";
      }
      return pause(context, job, "ended", memory, {});
    case "notReady":
      await answered();
      return pause(context, job, "ended", memory, {});
    case "unread":
      return unread(context, job, asRunning(job, requestId), memory, result);
  }

  /** The service answers again, so a problem that the job showed is over. */
  async function answered(): Promise<void> {
    readable(memory);
    if ("problem" in job.progress && job.progress.problem !== undefined) {
      await move(context, job, {
        progress: { state: "running", requestId, ...cancelFacts(asRunning(job, requestId)) },
      });
    }
  }
}

/** The job's progress, as that of a run whose result we ask for, with its current problem. */
function asRunning({ progress }: Job, requestId: string): Extract<Progress, { state: "running" }> {
  switch (progress.state) {
    case "running":
      return progress;
    case "queued":
      return { state: "running", requestId, ...cancelFacts(progress) };
    default:
      return { state: "running", requestId };
  }
}
