import { access } from "node:fs/promises";
import { shortName } from "../../images/pasted.ts";
import type { Job } from "../../jobs/job.ts";
import { usedPairs } from "../../jobs/usedPairs.ts";
import type { RecentPair, StudioRequest } from "../../shared/messages/pair.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import type { Size } from "../../shared/model/size.ts";
import { lastSegment } from "../../shared/path.ts";

/** What the pair and its framing need of the product. */
export interface StudioImages {
  /**
   * Makes a file of a picture that came without one.
   * @param name what a problem calls the picture
   * @returns the file's absolute path.
   * @throws {ProblemError} where the bytes are no image that can be used.
   */
  keep(bytes: Uint8Array, name: string): Promise<string>;
  /**
   * The picture as it would be sent, as PNG.
   * @throws {ProblemError} where the file is missing or no image that can be used.
   */
  preview(path: string, size: Size, plan: CropPlan): Promise<Uint8Array>;
}

/** Most pairs that the page is told. */
const pairsTold = 8;

/** A kept picture's bytes as a file: its path. */
export async function keep(images: StudioImages, request: StudioRequest & { kind: "keep" }): Promise<{ path: string }> {
  return { path: await images.keep(request.bytes, request.name) };
}

/** A picture exactly as it would be sent. */
export async function preview(
  images: StudioImages,
  { path, resolution, plan }: StudioRequest & { kind: "preview" },
): Promise<{ bytes: Uint8Array<ArrayBuffer> }> {
  return { bytes: new Uint8Array(await images.preview(path, sizeOf({ resolution }), plan)) };
}

/** The newest pairs of the user's jobs whose files are still there. */
export async function recentPairs(jobs: readonly Job[]): Promise<{ pairs: RecentPair[] }> {
  const pairs: RecentPair[] = [];
  for (const pair of usedPairs(jobs)) {
    if (pairs.length < pairsTold && (await exists(pair.start)) && (await exists(pair.end))) {
      pairs.push({ ...pair, startName: fileName(pair.start), endName: fileName(pair.end) });
    }
  }
  return { pairs };
}

/** The name of a file as a person reads it. */
export function fileName(path: string): string {
  return shortName(lastSegment(path));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
