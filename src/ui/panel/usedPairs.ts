import type { Job } from "../../jobs/job.ts";
import type { CropPlan } from "../../shared/model/plan.ts";

/** Two image files (absolute paths) from which a video was made, and how they were framed. */
interface UsedPair {
  readonly start: string;
  readonly end: string;
  readonly plans: { readonly start?: CropPlan; readonly end?: CropPlan };
}

/** The pairs of jobs sorted newest first, in that order and without duplicates, each with its latest framing. */
export function usedPairs(newestFirst: readonly Job[]): UsedPair[] {
  const pairs = new Map<string, UsedPair>();
  for (const { order } of newestFirst) {
    const { start, end } = order;
    if (start.kind === "file" && end.kind === "file") {
      const key = JSON.stringify([start.path, end.path]);
      if (!pairs.has(key)) {
        const plans = {
          ...(start.plan !== undefined && { start: start.plan }),
          ...(end.plan !== undefined && { end: end.plan }),
        };
        pairs.set(key, { start: start.path, end: end.path, plans });
      }
    }
  }
  return [...pairs.values()];
}
