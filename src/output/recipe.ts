import { randomUUID } from "node:crypto";
import { constants, renameSync } from "node:fs";
import { access, chmod, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { writeDurably } from "../files/durable.ts";
import { readPlain, readPlainNow } from "../files/plain.ts";
import { withCost } from "../recipes/edit.ts";
import type { RenderedImage } from "../recipes/file.ts";
import { addressed } from "../recipes/fingerprint.ts";
import { hashesIn, recordOf } from "../recipes/record.ts";
import { unsigned } from "../recipes/secrets.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import type { Recipe, RecipeImage } from "../shared/model/recipe.ts";
import { recipeEnding } from "../shared/video/fileNames.ts";

/** The most bytes of a recipe that we read, whatever others have written into it. */
const maximumRecipe = 1024 * 1024;

/** What a video was made of, as far as a recipe names it. */
export type SourceImage =
  | {
      readonly kind: "file";
      /** Absolute. */
      readonly path: string;
      /** SHA-256 of the file's bytes, hex. */
      readonly sourceSha256: string;
      /** SHA-256 of the conformed picture, hex. */
      readonly sha256?: string | undefined;
      readonly plan?: CropPlan | undefined;
    }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "unknown" };

/** The recipe's path for a video's path. */
export function recipePathOf(video: string): string {
  return video.replace(/\.[^./\\]+$/, `.${recipeEnding}`);
}

/**
 * What the recipe at a path records of its picked video; undefined if there is no recipe, if it has no video yet, or if it is
 * none of this version.
 */
export async function readRecipe(path: string): Promise<Recipe | undefined> {
  const text = await readRecipeText(path);
  return text === undefined ? undefined : recordOf(text);
}

/** SHA-256 (hex) of the videos that were made of the recipe at a path; undefined if there is no recipe. */
export async function videoHashesIn(path: string): Promise<readonly string[] | undefined> {
  const text = await readRecipeText(path);
  return text === undefined ? undefined : hashesIn(text);
}

/** The text of a recipe's file. */
export function recipeText(recipe: object): string {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}

/** Does short work on files while no other window does such work. */
export type Alone = <T>(work: () => T) => Promise<T>;

/** How often somebody else may change a recipe while we do. */
const mostChanges = 20;

/**
 * Changes the text of a recipe, completely or not at all. What others change in it meanwhile stays.
 * @param id the job's, as in the names of its other temporary files
 * @param change gives the new text; undefined if the recipe must be left alone
 * @param written called when the new text is on disk, before it takes the old one's place
 * @returns false if it is left alone: by `change`, or because it is no text file that may be written.
 * @throws what the file system says.
 */
export async function changeRecipe(
  id: string,
  path: string,
  change: (text: string) => string | undefined,
  alone: Alone,
  written: () => void = () => undefined,
): Promise<boolean> {
  for (let tries = 0; tries < mostChanges; tries += 1) {
    const found = await findText(path);
    const text = found && change(found.text);
    if (found === undefined || text === undefined) {
      return false;
    }
    if (text === found.text) {
      return true;
    }
    const file = join(dirname(found.file), `.${id}.${randomUUID().slice(0, 8)}.recipe.part`);
    try {
      await writeDurably(file, text);
      await chmod(file, found.mode);
      written();
      const isDone = await alone(() => {
        if (textNow(found.file) !== found.text) {
          return false;
        }
        renameSync(file, found.file);
        return true;
      });
      if (isDone) {
        return true;
      }
    } finally {
      await rm(file, { force: true });
    }
  }
  return false;
}

/** A recipe's text; undefined if there is none that can be read. */
export async function readRecipeText(path: string): Promise<string | undefined> {
  return await readPlain(path, maximumRecipe)
    .then(textOf)
    .catch(() => undefined);
}

/** A recipe's text with its byte order mark, the file that a link leads to, and its mode; undefined for one that we may not write. */
async function findText(path: string): Promise<{ text: string; file: string; mode: number } | undefined> {
  try {
    const file = await realpath(path);
    // What is read-only is managed by somebody else.
    await access(file, constants.W_OK);
    const { mode } = await stat(file);
    return { text: textOf(await readPlain(file, maximumRecipe)), file, mode };
  } catch {
    return undefined;
  }
}

function textNow(file: string): string | undefined {
  try {
    return textOf(readPlainNow(file, maximumRecipe));
  } catch {
    return undefined;
  }
}

/** @throws TypeError for bytes that are no UTF-8: writing them back would spoil them. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/**
 * Adds a cost (USD) that the service reported after the video to the recipe. Leaves alone a recipe that is gone, knows nothing
 * of the request or has its cost.
 * @param id the job's, as in the names of its other temporary files.
 * @throws what the file system says.
 */
export async function addCost(id: string, path: string, requestId: string, cost: number, alone: Alone): Promise<void> {
  await changeRecipe(id, path, (text) => withCost(text, requestId, cost), alone);
}

/**
 * An image as a recipe in `folder` names it. People share recipes, so a recipe has a path only if the whole path lies in the
 * project.
 * @param workspace the project's folder; without one, the recipe's own.
 */
export function recipeImage(image: SourceImage, folder: string, workspace = folder): RecipeImage {
  switch (image.kind) {
    case "url": {
      const url = unsigned(image.url);
      return url === undefined ? {} : { url };
    }
    case "unknown":
      return {};
    case "file":
      return {
        ...(isInside(workspace, image.path) && isInside(workspace, folder)
          ? { path: relative(folder, image.path).split(sep).join("/") }
          : { name: basename(image.path) }),
        sha256: image.sourceSha256,
        ...(image.sha256 === undefined ? {} : { conformedSha256: image.sha256 }),
        ...(image.plan === undefined ? {} : { crop: image.plan }),
      };
  }
}

/** The most characters of a path that a recipe may name: more than any system allows. */
const longestPath = 4096;

/** The image that a recipe in `folder` names; undefined if it names none that can be found. The opposite of {@link recipeImage}. */
export function sourceImage(image: RecipeImage, folder: string): Exclude<SourceImage, { kind: "unknown" }> | undefined {
  if (image.url !== undefined) {
    return { kind: "url", url: image.url };
  }
  if (image.path === undefined || image.path.length > longestPath || image.path.includes("\0")) {
    return undefined;
  }
  return {
    kind: "file",
    path: join(folder, image.path),
    // Whoever writes a recipe by hand leaves the hash out: then any picture at that path will do.
    sourceSha256: image.sha256 ?? "",
    ...(image.conformedSha256 === undefined ? {} : { sha256: image.conformedSha256 }),
    ...(image.crop === undefined ? {} : { plan: image.crop }),
  };
}

/** True for the folder itself and everything in it. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== "..";
}

/** What identified an image when a video was rendered, as recipes record it. */
export function renderedImage(image: SourceImage): RenderedImage {
  switch (image.kind) {
    case "url":
      return addressed(image.url);
    case "unknown":
      return {};
    case "file":
      return {
        sha256: image.sourceSha256,
        ...(image.sha256 !== undefined && { conformedSha256: image.sha256 }),
        ...(image.plan !== undefined && { crop: image.plan }),
      };
  }
}
