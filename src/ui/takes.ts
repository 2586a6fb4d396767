import { basename, extname } from "node:path";
import type { FrozenImage, Job } from "../jobs/job.ts";
import { takeNumbers } from "../shared/jobs/takes.ts";

/** The number of each video among those of its pair, by the job's id; none if its pair is unknown. */
export function takesOf(newestFirst: readonly Job[]): ReadonlyMap<string, number> {
  return takeNumbers(
    newestFirst.map(({ id, order, progress }) => ({
      id,
      name: progress.state === "saved" ? basename(progress.video, extname(progress.video)) : order.name,
      pair: pairOf(order.start, order.end),
      seed: order.parameters.seed,
    })),
  );
}

function pairOf(...pair: readonly [start: FrozenImage, end: FrozenImage]): string | undefined {
  const [start, end] = pair.map((image) =>
    image.kind === "file" ? image.sourceSha256 : image.kind === "url" ? image.url : undefined,
  );
  return start === undefined || end === undefined ? undefined : `${start} ${end}`;
}
