import { removeTemporary, saveVideo } from "../../output/save.ts";
import type { Result } from "../../runcomfy/client.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import type { Job, Progress } from "../job.ts";
import { patiently } from "../journal/sql.ts";
import { costField, type Memory, move, type Next, type StepContext } from "./context.ts";
import { isBelieved } from "./follow.ts";
import { backoff, pauseLeft } from "./spacing.ts";

/** After so many failures in a row we leave a problem that may pass to the user: after half a minute, after two minutes. */
const believedFailures = 5;
const believedRefusals = 8;

/** After so many unfinished checks of a video, over all windows and restarts, we ask the user. */
const endedChecks = 2;

/** Problems of saving that pass by themselves. Others stop the job until `healing.ts` sees them over or the user acts. */
const passing = new Set<Problem["code"]>([
  "downloadFailed",
  "serviceTrouble",
  "unreachable",
  "throttled",
  "tokenRefused",
  "tokenMissing",
  "tokenStoreFails",
  "tokenMalformed",
  "notOurs",
  "requestUnknown",
  "certificate",
]);

/** Saves the video of a request that has succeeded. */
export async function save(
  context: StepContext,
  job: Job,
  progress: Extract<Progress, { state: "downloading" }>,
  memory: Memory,
): Promise<Next> {
  const { ports } = context;
  const { requestId } = progress;
  const wished = pauseLeft(progress.notBefore, ports.now());
  if (wished > 0) {
    return wished;
  }
  const limits = ports.limits();
  let result = memory.found;
  delete memory.found;
  /** When the service may be asked again, if it said so: time of day, ms. */
  let notBefore: number | undefined;
  let current = job;
  // An interrupted save that continues does not ask for the result again.
  const cost = () => result?.cost ?? destinationOf(current)?.cost;
  try {
    const saved = await saveVideo({
      job: { ...job, destination: destinationOf(job) },
      requestId,
      url: async () => {
        result ??= await fetchResult(context, job, requestId, (pause) => {
          notBefore = ports.now() + pause;
        });
        return result.video;
      },
      trust: { service: job.order.service, hosts: [...limits.trustedHosts, ...(job.order.trustedHosts ?? [])] },
      fetch: ports.fetch,
      verify: ports.verify,
      recipeInVideo: limits.recipeInVideo,
      limit: limits.videoBytes,
      stallTimeout: ports.stallTimeout,
      cost,
      now: ports.now,
      isAnothers: (video) => context.journal.list().some((other) => other.id !== job.id && videoOf(other) === video),
      commit: async (destination) => {
        current = await move(context, current, {
          progress: {
            ...{ state: "downloading", requestId, placing: { ...destination, ...costField(cost()) } },
            ...failedChecks(current),
          },
        });
      },
      checkpoint: ports.checkpoint,
      alone: (work) => patiently(() => context.journal.alone(work)),
    });
    await move(context, current, {
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
    const now = ports.now();
    const since = progress.problem?.code === error.problem.code && progress.since ? progress.since : now;
    const again =
      error.problem.code === "videoCheckFailed"
        ? checks < endedChecks
        : memory.failures < triesFor(error.problem) && !isBelieved(error.problem, now - since, memory.failures);
    if (!again) {
      await removeTemporary(job.order.folder, [job.id]).catch(() => undefined);
      await move(context, current, {
        progress: { ...standing(current), state: "needsAction", problem: error.problem },
      });
      return "rest";
    }
    await move(context, current, {
      progress: {
        ...{ ...standing(current), state: "downloading", problem: error.problem, since },
        ...(notBefore !== undefined && { notBefore }),
        ...(checks > 0 && { checksFailed: checks }),
      },
    });
    return backoff(memory.failures);
  }

  /** A video that is in place stays there: a job that continues must not fetch and place a second one. */
  function standing(stopped: Job) {
    const placing = destinationOf(stopped);
    return placing === undefined ? { requestId } : { requestId, placing };
  }
}

/** The path that a job's video has, or is about to get. */
function videoOf({ progress }: Job): string | undefined {
  return progress.state === "saved" ? progress.video : "placing" in progress ? progress.placing?.video : undefined;
}

function failedChecks({ progress }: Job): { checksFailed?: number } {
  const count = progress.state === "downloading" ? progress.checksFailed : undefined;
  return count === undefined ? {} : { checksFailed: count };
}

/** Where the file of a job under way is about to go. */
function destinationOf({ progress }: Job) {
  return progress.state === "downloading" ? progress.placing : undefined;
}

/** How often in a row a problem may occur before we leave it to the user. */
function triesFor(problem: Problem): number {
  if (passing.has(problem.code)) {
    return Number.POSITIVE_INFINITY;
  }
  switch (problem.code) {
    // The service may give a new link for an expired one, and a broken file may arrive whole the next time.
    case "videoExpired":
    case "notAVideo":
    case "noVideo":
      return believedFailures;
    case "folderUnusable":
      // Virus scanners and sync programs hold files for a while, and shares come and go.
      return problem.reason === "readOnly" || problem.reason === "other" ? believedRefusals : 0;
    default:
      return 0;
  }
}

async function fetchResult(
  context: StepContext,
  job: Job,
  requestId: string,
  wishes: (pause: number) => void,
): Promise<Extract<Result, { phase: "succeeded" }>> {
  const result = await context.ports.client(job.order.service, job.sentWith).result(requestId);
  switch (result.phase) {
    case "succeeded":
      return result;
    case "unread":
      if (result.retryAfter !== undefined) {
        wishes(result.retryAfter);
      }
      throw new ProblemError(result.problem);
    case "failed":
    case "cancelled":
    case "empty":
    case "notReady":
      throw new ProblemError({ code: "noVideo" });
  }
}
