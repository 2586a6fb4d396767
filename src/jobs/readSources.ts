import { createHash } from "node:crypto";
import { ImageError } from "../images/errors.ts";
import { imageProblem } from "../images/imageProblem.ts";
import { readBounded } from "../images/read.ts";
import type { ImageSource } from "../shared/model/draft.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { FrozenImage } from "./job.ts";

/** An image of a draft as it was at one moment; `bytes` of a file, nothing of an address. */
interface Frozen {
  readonly image: FrozenImage;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads an image as it is at this moment.
 * @param seen SHA-256 (hex) of the file's bytes as they were shown to the user
 * @throws {ProblemError} `imageMissing`, `notAnImage`, `imageTooLarge` or `imageUnreadable`; `imageChanged` where it is not what
 * was seen
 */
export async function freeze(
  source: ImageSource,
  plan: CropPlan | undefined,
  seen: string | undefined,
): Promise<Frozen> {
  if (source.kind === "url") {
    return { image: source, bytes: undefined };
  }
  const { path } = source;
  try {
    const bytes = await readBounded(path);
    const sourceSha256 = createHash("sha256").update(bytes).digest("hex");
    if (seen !== undefined && seen !== sourceSha256) {
      throw new ProblemError({ code: "imageChanged", path });
    }
    return { image: { kind: "file", path, sourceSha256, ...(plan !== undefined && { plan }) }, bytes };
  } catch (error) {
    if (error instanceof ImageError) {
      throw new ProblemError(imageProblem(error, path), { cause: error });
    }
    throw error;
  }
}

/** The bytes of a side, where it is a file, as preparing takes them. */
export function bytesOf(side: Side, frozen: Frozen): { start?: Uint8Array; end?: Uint8Array } {
  return frozen.bytes === undefined ? {} : { [side]: frozen.bytes };
}
