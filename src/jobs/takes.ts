import { createHash } from "node:crypto";
import { pairId } from "../shared/jobs/pairId.ts";
import { isOpened, takeOfJob } from "./facts.ts";
import { type FrozenImage, isEnded, type Job } from "./job.ts";

// Which jobs are takes of one pair of images.

/** Equal for all jobs made from the same two images; undefined if the images are unknown. */
export function pairOf({ order }: Job): string | undefined {
  const [start, end] = [identityOf(order.start), identityOf(order.end)];
  return start === undefined || end === undefined ? undefined : pairId(start, end);
}

/**
 * The number of each job among those of its pair, by its id: the one in its video's name, or else counted by age. A job of an
 * unknown pair has none. A video that was opened from its file isn't counted: it has the number in its name, or none.
 */
export function takeNumbers(newestFirst: readonly Job[]): Map<string, number> {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const job of newestFirst.toReversed()) {
    const pair = pairOf(job);
    if (pair !== undefined && isOpened(job)) {
      const take = takeOfJob(job);
      if (take !== undefined) {
        numbers.set(job.id, take);
      }
    } else if (pair !== undefined) {
      const count = (counts.get(pair) ?? 0) + 1;
      counts.set(pair, count);
      if (job.progress.state === "saved" || !isEnded(job.progress)) {
        numbers.set(job.id, takeOfJob(job) ?? count);
      }
    }
  }
  return numbers;
}

function identityOf(image: FrozenImage): string | undefined {
  switch (image.kind) {
    case "file":
      // A recipe that was written by hand tells no hash.
      return image.sourceSha256 || image.path;
    case "url":
      // Hashed, because a URL can be private, and the panel's page does not need it.
      return createHash("sha256").update(image.url).digest("hex");
    case "unknown":
      return undefined;
  }
}
