import type { RequestFacts } from "../recipes/fingerprint.ts";
import type { RecipeJobs } from "../recipes/recipeIndex.ts";
import type { RecipeJob } from "../recipes/state.ts";
import { canBeTakenUp, isEnded, type Job, mayBePaid, needsUser } from "./job.ts";
import { requestOf } from "./rendered.ts";

/** One object for each job, so that what is the same is the same object. */
const states = new WeakMap<Job, RecipeJob>();
const renders = new WeakMap<Job, RequestFacts>();

/**
 * What the journal knows of each recipe (by its absolute path): the job that its state hangs on, and what its video was rendered
 * with.
 * @param newestFirst all jobs
 */
export function recipeJobs(newestFirst: readonly Job[]): Map<string, RecipeJobs> {
  const byRecipe = Map.groupBy(
    newestFirst,
    ({ order, progress }) => order.recipe ?? (progress.state === "saved" ? progress.recipe : ""),
  );
  byRecipe.delete("");
  return new Map([...byRecipe].map(([path, jobs]) => [path, { job: stateIn(jobs), rendered: renderIn(jobs) }]));
}

function stateIn(jobs: readonly Job[]): RecipeJob | undefined {
  const [newest] = jobs;
  // What came before a saved video is settled by that.
  const saved = jobs.findIndex(({ progress }) => progress.state === "saved");
  const job =
    jobs.find(({ progress }, index) => !isEnded(progress) || (isAtStake(progress) && (saved < 0 || index < saved))) ??
    newest;
  const state = job && (states.get(job) ?? stateOf(job));
  if (job !== undefined && state !== undefined) {
    states.set(job, state);
  }
  return state;
}

function stateOf(job: Job): RecipeJob | undefined {
  const { id, progress } = job;
  if (!isEnded(progress) || isAtStake(progress)) {
    return { kind: "active", id, needsUser: isEnded(progress) || needsUser(progress) };
  }
  return progress.state === "failed"
    ? { kind: "failed", id, problem: progress.problem, request: requestOf(job.order) }
    : undefined;
}

function renderIn(jobs: readonly Job[]): RequestFacts | undefined {
  const job = jobs.find(({ progress }) => progress.state === "saved");
  const render = job && (renders.get(job) ?? requestOf(job.order));
  if (job !== undefined && render !== undefined) {
    renders.set(job, render);
  }
  return render;
}

/** True if a job was given up although its video may be paid for: rendering the recipe anew may pay a second time. */
function isAtStake(progress: Job["progress"]): boolean {
  return canBeTakenUp(progress) || mayBePaid(progress);
}
