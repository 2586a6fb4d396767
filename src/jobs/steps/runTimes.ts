import type { Parameters } from "../../shared/model/parameters.ts";
import { framesOf, parameterTable, sizeOf } from "../../shared/model/parameters.ts";
import type { Job } from "../job.ts";
import type { RunTimes } from "./spacing.ts";

/** How much work a job is, and where it is done. The job may not exist yet. */
interface Work {
  readonly service: string;
  /** Missing for a recovered job, which may have had any. */
  readonly parameters?: Parameters | undefined;
}

const ownSteps = parameterTable.steps.default;

/** The work of one job: pixels times frames times steps. Jobs with equal work take about equally long. */
function work(parameters: Parameters): number {
  const { width, height } = sizeOf(parameters);
  return width * height * framesOf(parameters) * ((parameters.steps ?? ownSteps) / ownSteps);
}

/** How long earlier jobs of the same work took; undefined if there were none. */
export type RunTimeTable = (order: Work) => RunTimes | undefined;

/** The same work at the same service has the same key. Work that isn't known has none. */
function keyOf({ parameters, service }: Work): string | undefined {
  return parameters === undefined ? undefined : `${work(parameters)} ${service}`;
}

/**
 * How long the user's own finished jobs took, by their work, from the start of the run to its end, ms. One pass over all
 * jobs answers any number of questions. Work without experience has no estimate.
 */
export function runTimeTable(jobs: readonly Job[]): RunTimeTable {
  const times = new Map<string, number[]>();
  for (const { order, progress, runningAt, ranUntil } of jobs) {
    const ms = runningAt === undefined || ranUntil === undefined ? 0 : ranUntil - runningAt;
    const key = keyOf(order);
    if (progress.state === "saved" && key !== undefined && ms > 0) {
      const same = times.get(key) ?? [];
      same.push(ms);
      times.set(key, same);
    }
  }
  const told = new Map<string, RunTimes>();
  for (const [key, all] of times) {
    const runTimes = summary(all);
    if (runTimes !== undefined) {
      told.set(key, runTimes);
    }
  }
  return (order) => {
    const key = keyOf(order);
    return key === undefined ? undefined : told.get(key);
  };
}

/** How long finished jobs of the same work took. */
export function runTimesFor(order: Work, jobs: readonly Job[]): RunTimes | undefined {
  return runTimeTable(jobs)(order);
}

function summary(all: readonly number[]): RunTimes | undefined {
  const times = all.toSorted((a, b) => a - b);
  const typical = times[Math.floor(times.length / 2)];
  if (typical === undefined) {
    return undefined;
  }
  // A run that we first saw near its end, for example after sleep, was not a short run.
  return { typical, shortest: times.find((ms) => ms >= typical / 3) ?? typical };
}
