import type { Parameters } from "../model/parameters.ts";
import { framesOf, sizeOf } from "../model/parameters.ts";
import type { Job } from "./job.ts";
import type { RunTimes } from "./spacing.ts";

/** What tells how much work a job is, and where it is done: of a job, or of one that is yet to be made. */
export interface Work {
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

/**
 * What the user's own finished jobs of the same work took at the same service, from the start of the run to its end, ms.
 * Undefined without any: an estimate is shown only where there is experience.
 */
export function runTimesFor(order: Work, jobs: readonly Job[]): RunTimes | undefined {
  if (!isKnown(order)) {
    return undefined;
  }
  const mine = work(order);
  const times = jobs
    .filter((job) => job.progress.state === "saved" && isKnown(job.order))
    .filter((job) => job.order.service === order.service && work(job.order) === mine)
    .flatMap((job) => (job.runningAt === undefined || job.ranUntil === undefined ? [] : [job.ranUntil - job.runningAt]))
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  const typical = times[Math.floor(times.length / 2)];
  if (typical === undefined) {
    return undefined;
  }
  // A run that was first seen near its end, after sleep say, is no short run.
  return { typical, shortest: times.find((ms) => ms >= typical / 3) ?? typical };
}
