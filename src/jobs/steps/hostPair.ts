import { imageSourceSchema } from "../../shared/model/draft.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import { readCopy } from "../copies.ts";
import type { FrozenImage, Job } from "../job.ts";
import type { Ports } from "../ports.ts";
import type { Uploads } from "../uploads/uploads.ts";

/** True if image files of the job go inside the request. */
export function carriesImages({ order }: Job): boolean {
  return (order.hosting ?? "dataUri") === "dataUri" && [order.start, order.end].some((image) => image.kind === "file");
}

/**
 * Turns a job's pair into what the service gets: addresses stay as they are, files go the way that the job's order says.
 * @throws {ProblemError} `imageAddressInvalid`, `imageLost`, `imagesTooLarge`, or about storage; only `storageUnreachable` may pass.
 */
export async function hostPair(
  { ports, uploads }: { readonly ports: Ports; readonly uploads: Uploads },
  job: Job,
): Promise<{ start: string; end: string }> {
  const kind = job.order.hosting ?? "dataUri";
  const host = async (side: Side, image: FrozenImage): Promise<string> => {
    if (image.kind === "url") {
      // An older version may have made the job without checking the address.
      if (!imageSourceSchema.safeParse(image).success) {
        throw new ProblemError({ code: "imageAddressInvalid", side });
      }
      return image.url;
    }
    const png = await readCopy(ports, job.id, image);
    return kind === "dataUri" ? ports.hosting.inline(png) : uploads.host(job.id, side, kind, png);
  };
  const hosted = await Promise.allSettled([host("start", job.order.start), host("end", job.order.end)]);
  const [start, end] = hosted.map((outcome) => {
    if (outcome.status === "rejected") {
      throw outcome.reason;
    }
    return outcome.value;
  });
  return { start: start ?? "", end: end ?? "" };
}
