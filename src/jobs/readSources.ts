import { createHash } from "node:crypto";
import { ImageError } from "../images/errors.ts";
import { imageProblem } from "../images/imageProblem.ts";
import { readBounded } from "../images/read.ts";
import type { ImageSource } from "../shared/model/draft.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { FrozenImage } from "./job.ts";

/** The bytes of a pair's image files. An image that is an address has none. */
export type SourceBytes = { readonly [S in Side]?: Uint8Array };

/** An image of a draft as it was at one moment. An address has no `bytes`. */
interface ReadSource {
  readonly image: FrozenImage;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads an image as it is now.
 * @param seen SHA-256 (hex) of the file's bytes as the user saw them
 * @throws {ProblemError} `imageMissing`, `notAnImage`, `imageTooLarge` or `imageUnreadable`; `imageChanged` if the user saw
 * another picture
 */
export async function readSource(
  source: ImageSource,
  plan: CropPlan | undefined,
  seen: string | undefined,
): Promise<ReadSource> {
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
