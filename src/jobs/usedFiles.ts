import type { Job } from "./job.ts";

/** Absolute paths of all image files that jobs name, also those of which the other image has no file. */
export function usedFiles(jobs: readonly Job[]): Set<string> {
  const sources = jobs.flatMap(({ order }) => [order.start, order.end]);
  return new Set(sources.filter((source) => source.kind === "file").map(({ path }) => path));
}
