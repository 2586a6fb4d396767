import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import * as z from "zod";
import { writeDurably } from "../files/durable.ts";
import { readPlain } from "../files/plain.ts";
import { parseJson } from "../shared/json.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import { type Recipe, type RecipeImage, recipeSchema } from "../shared/model/recipe.ts";
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

/** The recipe at a path; undefined if there is none, or if it is none of this version. */
export async function readRecipe(path: string): Promise<Recipe | undefined> {
  return recipeSchema.safeParse(await readJson(path)).data;
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readPlain(path, maximumRecipe).catch(() => undefined);
  return bytes === undefined ? undefined : parseJson(new TextDecoder().decode(bytes));
}

const madeSchema = z.object({ sha256: z.string() });
const hashesSchema = z.object({
  recipe: z.literal(1),
  video: madeSchema.optional().catch(undefined),
  takes: z.array(z.unknown()).optional().catch(undefined),
});

/** SHA-256 (hex) of the videos that were made of the recipe at a path; undefined if there is no recipe. */
export async function videoHashesIn(path: string): Promise<readonly string[] | undefined> {
  const read = hashesSchema.safeParse(await readJson(path)).data;
  return read && [read.video, ...(read.takes ?? [])].flatMap((made) => madeSchema.safeParse(made).data?.sha256 ?? []);
}

/** The text of a recipe's file. */
export function recipeText(recipe: object): string {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}

/**
 * Adds a cost (USD) that the service reported after the video to the recipe, completely or not at all. Leaves alone a recipe
 * that is gone, belongs to another request or has a cost, and everything else that somebody wrote into it.
 * @param id the job's, as in the names of its other temporary files.
 * @throws what the file system says.
 */
export async function addCost(id: string, path: string, requestId: string, cost: number): Promise<void> {
  const json = await readJson(path);
  const recipe = recipeSchema.safeParse(json).data;
  if (recipe === undefined || recipe.requestId !== requestId || recipe.cost !== undefined) {
    return;
  }
  const file = join(dirname(path), `.${id}.${randomUUID().slice(0, 8)}.recipe.part`);
  try {
    await writeDurably(file, recipeText({ ...Object(json), cost }));
    await rename(file, path);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * An image as a recipe in `folder` names it. People share recipes, so a recipe has a path only if the whole path lies in the
 * project.
 * @param workspace the project's folder; without one, the recipe's own.
 */
export function recipeImage(image: SourceImage, folder: string, workspace = folder): RecipeImage {
  switch (image.kind) {
    case "url": {
      const url = withoutQuery(image.url);
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

/** An image address without its signature, which must not get into a recipe. Undefined for text that is no address. */
function withoutQuery(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) {
    return undefined;
  }
  url.search = "";
  url.hash = "";
  url.username = "";
  url.password = "";
  return url.href;
}
