import { stat } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { takesOf } from "../recipes/edit.ts";
import type { RecipeFile, Take } from "../recipes/file.ts";
import { codeOf } from "../shared/errors.ts";
import { hashFile } from "./moveExclusively.ts";

/** The file of one of a recipe's other takes. */
export interface TakeFile {
  /** As the recipe has it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** `same`: byte for byte the take's video. `changed`: another file, or one that cannot be read. */
  readonly state: "same" | "changed" | "gone";
  readonly bytes: number;
}

/**
 * The files of the takes that do not count in a recipe (absolute path). A file that the picked take or an earlier one in the list
 * has too is left out, as is what lies outside the recipe's folder: it may be anybody's.
 */
export async function otherTakes(path: string, recipe: RecipeFile): Promise<TakeFile[]> {
  const folder = dirname(path);
  const seen = new Set(recipe.video === undefined ? [] : [resolve(folder, recipe.video.file)]);
  const found: TakeFile[] = [];
  for (const { video } of recipe.takes ?? []) {
    const take = resolve(folder, video.file);
    if (!seen.has(take) && isInside(folder, take)) {
      seen.add(take);
      found.push({ file: video.file, path: take, ...(await stateOf(take, video)) });
    }
  }
  return found;
}

/** The take of a request, or the one whose video has this name. */
export function takeIn(
  recipe: RecipeFile,
  by: { readonly requestId: string } | { readonly file: string },
): Take | undefined {
  return takesOf(recipe).find((take) => ("file" in by ? take.video.file === by.file : take.requestId === by.requestId));
}

async function stateOf(path: string, video: Take["video"]): Promise<Pick<TakeFile, "state" | "bytes">> {
  try {
    const { size } = await stat(path);
    return { bytes: size, state: (await hashFile(path)) === video.sha256 ? "same" : "changed" };
  } catch (error) {
    return { bytes: 0, state: codeOf(error) === "ENOENT" ? "gone" : "changed" };
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}
