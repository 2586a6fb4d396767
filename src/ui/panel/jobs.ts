import { elapsedSince, isLeft } from "../../jobs/facts.ts";
import { isEnded, type Job } from "../../jobs/job.ts";
import type { JobView, jobRequests } from "../../shared/messages/jobs.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { checkParameters } from "../../shared/model/draft.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { JobText } from "../words/job.ts";
import type { Desk } from "./desk.ts";
import { pairIdOf } from "./videos.ts";

/** The most ended jobs that the panel shows, and the most that the user has left. Jobs in progress are always shown. */
const endedShown = 6;

/** Handles the page's requests about a job. */
export function jobHandlers({ deps }: Desk): Pick<Handlers, keyof typeof jobRequests> {
  return {
    async act({ jobId, action }) {
      await deps.act(jobId, action);
      return {};
    },
  };
}

/** The jobs that the panel shows, as views, newest first. */
export function jobViews(desk: Desk): JobView[] {
  const newestFirst = desk.deps.jobs.list();
  const left = newestFirst.filter((job) => isLeft(job.progress)).slice(0, endedShown);
  const ended = newestFirst.filter((job) => isEnded(job.progress) && !isLeft(job.progress)).slice(0, endedShown);
  const shown = new Set([...left, ...ended]);
  return newestFirst.filter((job) => !isEnded(job.progress) || shown.has(job)).map((job) => jobView(desk, job));
}

function jobView(desk: Desk, job: Job): JobView {
  const { state, detail, trouble, actions } = described(desk, job);
  return {
    id: job.id,
    name: job.order.name,
    state: job.progress.state,
    sentence: state,
    detail,
    isHeldUp: trouble !== undefined,
    isLeft: isLeft(job.progress),
    actions: [...actions],
    prompt: job.order.prompt,
    parameters: job.order.parameters && checkParameters(job.order.parameters),
    since: elapsedSince(job),
    video: job.progress.state === "saved" ? desk.host.relativePath(job.progress.video) : undefined,
    cost: desk.deps.costText(job),
    pair: pairIdOf(job),
    measures: desk.measures.get(job.id),
  };
}

/** A job in words. Its actions may depend on a setting, and an invalid one must not hide the job. */
function described({ deps, inWords }: Desk, job: Job): JobText {
  try {
    return deps.describe(job);
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    return { state: inWords(error.problem).message, actions: [] };
  }
}
