import type { Parameters } from "../../shared/model/parameters.ts";
import { framesOf, sizeOf } from "../../shared/model/parameters.ts";
import type { Job } from "../job.ts";
import type { RunTimes } from "./spacing.ts";

/** What tells how much work a job is, and where it is done: of a job, or of one that is yet to be made. */
interface Work {
  readonly service: string;
  readonly parameters: Parameters;
  /** What a job was made from; `unknown` for a recovered one. */
  readonly start?: Job["order"]["start"];
}

/** Work of one job in pixels over all frames and steps: jobs with equal work take about equally long. */
function work(order: Work): number {
  const { width, height } = sizeOf(order.parameters);
  return width * height * framesOf(order.parameters) * ((order.parameters.steps ?? 4) / 4);
}

/** True where it is known what a job was made of: a recovered one may have had any parameters. */
function isKnown(order: Work): boolean {
  return order.start?.kind !== "unknown";
}

/** What earlier jobs of the same work took; undefined without any. */
export type RunTimeTable = (order: Work) => RunTimes | undefined;

/** The same work at the same service has the same key. */
const keyOf = (order: Work): string => `${work(order)} ${order.service}`;

/**
 * What the user's own finished jobs took, by their work, from the start of the run to its end, ms: one pass over all of
 * them, for any number of questions. An estimate is there only where there is experience.
 */
export function runTimeTable(jobs: readonly Job[]): RunTimeTable {
  const times = new Map<string, number[]>();
  for (const { order, progress, runningAt, ranUntil } of jobs) {
    const ms = runningAt === undefined || ranUntil === undefined ? 0 : ranUntil - runningAt;
    if (progress.state === "saved" && isKnown(order) && ms > 0) {
      const same = times.get(keyOf(order)) ?? [];
      same.push(ms);
      times.set(keyOf(order), same);
    }
  }
  const told = new Map<string, RunTimes>();
  for (const [key, all] of times) {
    const runTimes = summary(all);
    if (runTimes !== undefined) {
      told.set(key, runTimes);
    }
  }
  return (order) => (isKnown(order) ? told.get(keyOf(order)) : undefined);
}

/** What finished jobs of one work took. */
export function runTimesFor(order: Work, jobs: readonly Job[]): RunTimes | undefined {
  return runTimeTable(jobs)(order);
}

function summary(all: readonly number[]): RunTimes | undefined {
  const times = all.toSorted((a, b) => a - b);
  const typical = times[Math.floor(times.length / 2)];
  if (typical === undefined) {
    return undefined;
  }
  // A run that was first seen near its end, after sleep say, is no short run.
  return { typical, shortest: times.find((ms) => ms >= typical / 3) ?? typical };
}
