import { isAbsolute, relative, sep } from "node:path";
import type { FrozenImage } from "../jobs/job.ts";
import type { RecipeImage } from "../model/recipe.ts";

/** The recipe's path for a video's path. */
export function recipePathOf(video: string): string {
  return video.replace(/\.[^./\\]+$/, ".flf.json");
}

/** An image as a recipe in `folder` names it. */
export function recipeImage(image: FrozenImage, folder: string): RecipeImage {
  switch (image.kind) {
    case "url":
      return { url: withoutQuery(image.url) };
    case "unknown":
      return {};
    case "file": {
      const path = relative(folder, image.path);
      return {
        // Another drive has no relative path; its absolute one would name the user's machine, so only the hash stays.
        ...(isAbsolute(path) ? {} : { path: path.split(sep).join("/") }),
        sha256: image.sourceSha256,
        ...(image.sha256 === undefined ? {} : { conformedSha256: image.sha256 }),
        ...(image.plan === undefined ? {} : { crop: image.plan }),
      };
    }
  }
}

/** An image address may be signed; the signature is nobody's business. */
function withoutQuery(address: string): string {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  url.username = "";
  url.password = "";
  return url.href;
}
