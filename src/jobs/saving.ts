import { type Problem, ProblemError } from "../model/problem.ts";
import { removeTemporary, saveVideo } from "../output/save.ts";
import type { Result } from "../runcomfy/client.ts";
import type { Job } from "./job.ts";
import { longestSpacing } from "./spacing.ts";
import { costField, type Memory, move, type Next, type StepContext } from "./stepContext.ts";

/** Broken or wrong files in a row before the user is asked. */
const believedFailures = 5;

/** Checks of a video that came to no end, over all windows and restarts, before the user is asked. */
const endedChecks = 2;

/** Problems of saving that pass by themselves; all others stand until the user acts. */
const passing = new Set<Problem["code"]>([
  "downloadFailed",
  "serviceTrouble",
  "unreachable",
  "throttled",
  "tokenRefused",
  "tokenMissing",
  "certificate",
]);

/**
 * Brings the video of a request that has succeeded to its place.
 * @param known what `/result` has just said; without it, it is asked
 */
export async function save(
  context: StepContext,
  job: Job,
  requestId: string,
  memory: Memory,
  known?: Extract<Result, { phase: "succeeded" }>,
): Promise<Next> {
  const { ports } = context;
  const limits = ports.limits();
  let result = known;
  let current = job;
  // An interrupted save that goes on does not ask for the result again.
  const cost = () => result?.cost ?? placingOf(current)?.cost;
  try {
    const saved = await saveVideo({
      job,
      requestId,
      url: async () => {
        result ??= await fetchResult(context, job, requestId);
        return result.video;
      },
      trust: { service: job.order.service, hosts: [...limits.trustedHosts, ...(job.order.trustedHosts ?? [])] },
      fetch: ports.fetch,
      verify: ports.verify,
      limit: limits.videoBytes,
      stallTimeout: ports.stallTimeout,
      cost,
      now: ports.now,
      placing: (placing) => {
        current = move(context, current, {
          progress: {
            ...{ state: "downloading", requestId, placing: { ...placing, ...costField(cost()) } },
            ...failedChecks(current),
          },
        });
      },
      checkpoint: ports.checkpoint,
    });
    move(context, current, {
      progress: { state: "saved", requestId, ...saved, ...costField(cost()) },
      endedAt: ports.now(),
    });
    return "rest";
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    memory.failures += 1;
    ports.log(`${job.id} is not saved yet: ${error.problem.code}`);
    const checks = (failedChecks(current).checksFailed ?? 0) + (error.problem.code === "videoCheckFailed" ? 1 : 0);
    const again =
      error.problem.code === "videoCheckFailed"
        ? checks < endedChecks
        : passing.has(error.problem.code) || (retriable(error.problem) && memory.failures < believedFailures);
    if (!again) {
      await removeTemporary(job).catch(() => undefined);
      move(context, current, { progress: { ...standing(current), state: "needsAction", problem: error.problem } });
      return "rest";
    }
    move(context, current, {
      progress: {
        ...{ ...standing(current), state: "downloading", problem: error.problem },
        ...(checks > 0 && { checksFailed: checks }),
      },
    });
    return Math.min(1000 * 2 ** memory.failures, longestSpacing);
  }

  /** A video that has its place already keeps it: going on must not fetch and place a second one. */
  function standing(stopped: Job) {
    const placing = placingOf(stopped);
    return placing === undefined ? { requestId } : { requestId, placing };
  }
}

function failedChecks({ progress }: Job): { checksFailed?: number } {
  const count = progress.state === "downloading" ? progress.checksFailed : undefined;
  return count === undefined ? {} : { checksFailed: count };
}

function placingOf({ progress }: Job) {
  return progress.state === "downloading" ? progress.placing : undefined;
}

/** A link that ran out may be given anew, and a file that broke on the way may arrive whole the next time. */
function retriable(problem: Problem): boolean {
  return problem.code === "videoExpired" || problem.code === "notAVideo" || problem.code === "noVideo";
}

async function fetchResult(
  context: StepContext,
  job: Job,
  requestId: string,
): Promise<Extract<Result, { phase: "succeeded" }>> {
  const result = await context.ports.client(job.order.service, job.sentWith).result(requestId);
  switch (result.phase) {
    case "succeeded":
      return result;
    case "unread":
      throw new ProblemError(result.problem.code === "requestUnknown" ? { code: "videoExpired" } : result.problem);
    case "failed":
    case "cancelled":
    case "empty":
    case "notReady":
      throw new ProblemError({ code: "noVideo" });
  }
}
