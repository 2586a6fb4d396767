import type { Node } from "jsonc-parser";
import * as z from "zod";
import { parametersSchema } from "../shared/model/draft.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import { recipeImageSchema } from "../shared/model/recipe.ts";
import type { Side } from "../shared/model/side.ts";
import { pickedTake, type RecipeFile, recipeFileSchema, type Take, takeKeys } from "./file.ts";
import { lastRender } from "./fingerprint.ts";
import { isObject, type Json, type JsonObject, type NewValue, withChanges } from "./merge.ts";
import { plainValue } from "./shape.ts";
import { byteOrderMark, depthFault, longestRecipe, readText, valueAt } from "./text.ts";

// What the program changes in a recipe's text. Each function gives the whole new text, and the same text where there is nothing
// to change. A text that is no JSON, whose takes cannot be read or that a later version wrote stays as it is. All else in it may
// be as wrong as it is while a person types: a render may end meanwhile.

/** A recipe whose takes can be read. What a person wrote counts only as far as it is right. */
const editableSchema = recipeFileSchema.extend({
  $schema: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  start: recipeImageSchema.catch({}),
  end: recipeImageSchema.catch({}),
  prompt: z.string().optional().catch(undefined),
  parameters: parametersSchema.optional().catch(undefined),
});

/** A recipe as far as the program may change it; undefined if it may not. Errors of what a person wrote do not matter. */
export function editableRecipe(text: string): RecipeFile | undefined {
  return editableSchema.safeParse(plainValue(rootOf(text))).data;
}

/** The JSON of a whole text; undefined if it is none, or too much of it. */
export function rootOf(text: string): Node | undefined {
  const plain = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  if (text.length > longestRecipe || depthFault(plain) !== undefined) {
    return undefined;
  }
  const { root, errors } = readText(plain);
  return errors.length === 0 ? root : undefined;
}

/** A take whose request is known: what the program writes after a render. */
export type RenderedTake = Take & { readonly requestId: string };

/**
 * Adds a rendered video. The one that was picked before goes to the end of `takes`; a video of a request that the recipe has
 * already changes nothing.
 * @param isPicked whether the new video counts from now on; the first video always does
 */
export function withTake(text: string, take: RenderedTake, isPicked = true): string {
  const recipe = editableRecipe(text);
  if (recipe === undefined || takesOf(recipe).some(({ requestId }) => requestId === take.requestId)) {
    return text;
  }
  const picked = recordedTake(recipe);
  const listed = (other: Take): NewValue =>
    recipe.takes === undefined
      ? { path: ["takes"], value: [jsonOf(other)] }
      : { path: ["takes", recipe.takes.length], value: jsonOf(other) };
  if (picked === undefined) {
    return withChanges(text, pick(recipe, take));
  }
  return withChanges(text, isPicked ? [...pick(recipe, take), listed(picked)] : [listed(take)]);
}

/**
 * Lets another of the recipe's takes count; the one that counted takes its place in the list.
 * @param file the name of its video, as the recipe has it
 */
export function useTake(text: string, file: string): string {
  const recipe = editableRecipe(text);
  const at = recipe?.takes?.findIndex(({ video }) => video.file === file) ?? -1;
  const chosen = recipe?.takes?.[at];
  if (recipe === undefined || chosen === undefined) {
    return text;
  }
  const picked = recordedTake(recipe);
  const place = ["takes", at];
  return withChanges(text, [
    ...pick(recipe, chosen),
    { path: place, value: picked && replacing(jsonOf(chosen), jsonOf(picked)) },
  ]);
}

/** Takes the videos of these names off the list of the other takes. The picked one stays. */
export function withoutTakes(text: string, files: readonly string[]): string {
  const takes = editableRecipe(text)?.takes ?? [];
  const gone = takes.flatMap(({ video }, index) => (files.includes(video.file) ? [index] : []));
  if (gone.length > 0 && gone.length === takes.length) {
    return withChanges(text, [{ path: ["takes"], value: undefined }]);
  }
  return withChanges(
    text,
    gone.reverse().map((index) => ({ path: ["takes", index], value: undefined })),
  );
}

/** Names an image's path, new or for the first time, relative to the recipe's folder and with `/`. */
export function renamedImage(text: string, side: Side, path: string): string {
  const recipe = editableRecipe(text);
  if (recipe === undefined || recipe[side].path === path) {
    return text;
  }
  // A path alone stays one, and what is no image becomes one.
  const isObject = valueAt(rootOf(text), side)?.type === "object";
  return withChanges(text, [{ path: [side], value: isObject ? { path, name: undefined, url: undefined } : path }]);
}

/** Adds a cost (USD) that the service reported after the video, to the take of its request if that has none. */
export function withCost(text: string, requestId: string, cost: number): string {
  const recipe = editableRecipe(text);
  const at = recipe?.takes?.findIndex((take) => take.requestId === requestId) ?? -1;
  const [take, path] = recipe?.requestId === requestId ? [recipe, []] : [recipe?.takes?.[at], ["takes", at]];
  return take === undefined || take.cost !== undefined
    ? text
    : withChanges(text, [{ path: [...path, "cost"], value: cost }]);
}

/** What a new recipe says. Paths as in a recipe. */
export interface NewRecipe {
  readonly start: NewImage;
  readonly end: NewImage;
  readonly prompt: string;
  readonly parameters?: Parameters | undefined;
}
type NewImage = ({ readonly path: string } | { readonly url: string }) & {
  readonly crop?: CropPlan | undefined;
};

/** The text of a new recipe, as a person would write it. */
export function newRecipe({ start, end, prompt, parameters }: NewRecipe): string {
  const set = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined);
  const recipe = {
    recipe: 1,
    start: written(start),
    end: written(end),
    prompt,
    ...(set.length > 0 && { parameters: Object.fromEntries(set) }),
  };
  return `${JSON.stringify(recipe, null, 2)}\n`;
}

function written(image: NewImage): unknown {
  const { crop, ...where } = image;
  return crop === undefined ? ("path" in where ? where.path : where.url) : { ...where, crop };
}

/** All takes of a recipe, the picked one first. */
export function takesOf(recipe: RecipeFile): Take[] {
  const picked = pickedTake(recipe);
  return [...(picked === undefined ? [] : [picked]), ...(recipe.takes ?? [])];
}

/** The picked take, with what an earlier version's recipe knows of its render; its prompt may have been changed since. */
function recordedTake(recipe: RecipeFile): Take | undefined {
  const picked = pickedTake(recipe);
  const last = lastRender(recipe);
  return picked && last && picked.rendered === undefined
    ? { ...picked, rendered: { ...last, prompt: undefined } }
    : picked;
}

/** The changes that let a take count. */
function pick(recipe: RecipeFile, take: Take): NewValue[] {
  const before = pickedTake(recipe);
  const values = replacing(before === undefined ? {} : jsonOf(before), jsonOf(take));
  return takeKeys.map((key) => ({ path: [key], value: values[key] }));
}

/** What changes one value into another: what only the first has is to be removed. Keys that neither knows stay. */
function replacing(before: JsonObject, after: JsonObject): JsonObject {
  const gone = Object.keys(before).map((key) => [key, undefined] as const);
  const changed = Object.entries(after).map(([key, value]) => {
    const old = before[key];
    return [key, isObject(old) && isObject(value) ? replacing(old, value) : value] as const;
  });
  return Object.fromEntries([...gone, ...changed]);
}

/** A take as JSON, its keys in the program's order. */
function jsonOf(take: Take): JsonObject {
  return Object.fromEntries(takeKeys.flatMap((key) => (take[key] === undefined ? [] : [[key, plain(take[key])]])));
}

function plain(value: unknown): Json {
  return z.json().parse(JSON.parse(JSON.stringify(value)));
}
