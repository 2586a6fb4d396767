import * as z from "zod";
import { type Recipe, type RecipeImage, recipeSchema } from "../shared/model/recipe.ts";
import { rootOf } from "./edit.ts";
import type { RenderedImage } from "./file.ts";
import { addressed, lastRender } from "./fingerprint.ts";
import { parseRecipe } from "./parse.ts";
import { plainValue } from "./shape.ts";

/**
 * What a recipe's text records of its picked video: what that was rendered with, not what the recipe says by now.
 * @returns undefined if it is no recipe, or has no video yet.
 */
export function recordOf(text: string): Recipe | undefined {
  const { recipe } = parseRecipe(text);
  const rendered = recipe && lastRender(recipe);
  if (recipe === undefined || rendered === undefined) {
    return undefined;
  }
  const { video, requestId = "", createdAt = "", savedAt = "", cost } = recipe;
  const { model, prompt, parameters } = rendered;
  const [start, end] = [imageOf(recipe.start, rendered.start), imageOf(recipe.end, rendered.end)];
  const facts = { recipe: 1, model, prompt, start, end, parameters, video, requestId, createdAt, savedAt, cost };
  return recipeSchema.safeParse(known(facts)).data;
}

const madeSchema = z.object({ sha256: z.string() });
const hashesSchema = z
  .object({
    recipe: z.literal(1).optional(),
    start: z.unknown().optional(),
    end: z.unknown().optional(),
    video: madeSchema.optional().catch(undefined),
    takes: z.array(z.unknown()).optional().catch(undefined),
  })
  .refine(({ recipe, start, end }) => recipe === 1 || (start !== undefined && end !== undefined));
const takeSchema = z.object({ video: madeSchema });

/** SHA-256 (hex) of the videos that a recipe's text tells of, whatever else is wrong in it; undefined if it is no recipe. */
export function hashesIn(text: string): readonly string[] | undefined {
  const recipe = hashesSchema.safeParse(plainValue(rootOf(text))).data;
  const takes = (recipe?.takes ?? []).flatMap((take) => takeSchema.safeParse(take).data?.video ?? []);
  return recipe && [...(recipe.video === undefined ? [] : [recipe.video]), ...takes].map(({ sha256 }) => sha256);
}

/** The image that a video was made of: at the place that the recipe names, if that is still what it was made of. */
function imageOf(image: RecipeImage, rendered: RenderedImage): object {
  const { sha256, address, conformedSha256, crop } = rendered;
  if (image.url !== undefined || address !== undefined) {
    return image.url !== undefined && addressed(image.url).address === address ? { url: image.url } : {};
  }
  return known({ path: image.path, name: image.name, sha256, conformedSha256, crop });
}

/** The same without its keys that have no value. */
function known(facts: object): object {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
