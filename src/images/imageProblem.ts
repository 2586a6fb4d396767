import type { Problem } from "../shared/model/problem.ts";
import type { ImageError, ImageErrorCode } from "./errors.ts";

const problems: Record<
  Exclude<ImageErrorCode, "tooLarge">,
  | "imageMissing"
  | "imageEmpty"
  | "notAnImage"
  | "imageUnsupported"
  | "imageUnreadable"
  | "imageChanged"
  | "imageHarmful"
> = {
  missing: "imageMissing",
  empty: "imageEmpty",
  notAnImage: "notAnImage",
  unsupported: "imageUnsupported",
  unreadable: "imageUnreadable",
  changing: "imageChanged",
  harmful: "imageHarmful",
};

/** The problem to show for a picture that cannot be used; `path` is how its user knows it. */
export function imageProblem({ code, facts }: ImageError, path: string): Problem {
  if (code !== "tooLarge") {
    return { code: problems[code], path };
  }
  const { width = 0, height = 0, maxPixels, byteLength } = facts;
  return {
    code: "imageTooLarge",
    path,
    width,
    height,
    ...(maxPixels !== undefined && { maxPixels }),
    ...(byteLength !== undefined && { bytes: byteLength }),
  };
}
