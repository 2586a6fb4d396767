import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ImageSource } from "../model/draft.ts";
import type { CropPlan } from "../model/plan.ts";
import { ProblemError } from "../model/problem.ts";
import { codeOf } from "../output/files.ts";
import type { FrozenImage } from "./job.ts";

/** An image of a draft as it was at one moment; `bytes` of a file, nothing of an address. */
export interface Frozen {
  readonly image: FrozenImage;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads an image as it is at this moment.
 * @param seen SHA-256 (hex) of the file's bytes as they were shown to the user
 * @throws {ProblemError} `imageMissing`, `notAnImage` or `imageUnreadable`; `imageChanged` where it is not what was seen
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
    const bytes = await readFile(path);
    const sourceSha256 = createHash("sha256").update(bytes).digest("hex");
    if (seen !== undefined && seen !== sourceSha256) {
      throw new ProblemError({ code: "imageChanged", path });
    }
    return { image: { kind: "file", path, sourceSha256, ...(plan !== undefined && { plan }) }, bytes };
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    const code = codeOf(error);
    const known = code === "ENOENT" ? "imageMissing" : code === "EISDIR" ? "notAnImage" : "imageUnreadable";
    throw new ProblemError({ code: known, path }, { cause: error });
  }
}

/** The bytes of a side, where it is a file, as preparing takes them. */
export function bytesOf(side: "start" | "end", frozen: Frozen): { start?: Uint8Array; end?: Uint8Array } {
  return frozen.bytes === undefined ? {} : { [side]: frozen.bytes };
}
