import type { Job as JobFacts } from "../../api/wanFlf2v.d.ts";
import { costOf, type Job, requestIdOf } from "../jobs/job.ts";
import { cancelWaiting, clearFinished } from "../ui/manyJobs.ts";
import { jobText } from "../ui/words/job.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** The commands for the list of jobs, and for a single job. */
export function jobCommands({ jobs, jobsView, actions }: Pick<CommandDeps, "jobs" | "jobsView" | "actions">) {
  return {
    showJobs: () => jobsView.show(),
    cancelWaiting: () => cancelWaiting(jobs),
    clearFinished: () => clearFinished(jobs),
    recover: async (): Promise<void> => {
      await actions.recover();
    },
    getJob: (id?: unknown): JobFacts | undefined => {
      const job = typeof id === "string" ? jobs.get(id) : undefined;
      return job && factsOf(job);
    },
  } satisfies Partial<Record<AppCommandId, Command>>;
}

function factsOf(job: Job): JobFacts {
  const { progress } = job;
  const requestId = requestIdOf(progress);
  const cost = costOf(progress);
  const message = jobText(job).detail;
  return {
    id: job.id,
    state: progress.state,
    ...(requestId !== undefined && { requestId }),
    ...(progress.state === "saved" && { video: progress.video, recipe: progress.recipe }),
    ...(cost !== undefined && { cost }),
    ...(message !== undefined && { message }),
  };
}
