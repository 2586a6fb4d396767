import { type Parameters, settableNames } from "../shared/model/parameters.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { editableRecipe, type NewRecipe, rootOf } from "./edit.ts";
import { type NewValue, withChanges } from "./merge.ts";
import { valueAt } from "./text.ts";

/** What a user may save of a draft. The paths are relative to the recipe's folder, with `/`. */
export type SavedDraft = NewRecipe & { readonly parameters: Parameters };

/**
 * A recipe that says what a draft says. All else in it stays: comments, order, unknown keys and what the program knows. A text that
 * cannot be read as a recipe stays as it is.
 */
export function withDraft(text: string, draft: SavedDraft): string {
  const recipe = editableRecipe(text);
  if (recipe === undefined) {
    return text;
  }
  const values = Object.fromEntries(settableNames.map((name) => [name, draft.parameters[name]]));
  const isSet = Object.values(values).some((value) => value !== undefined);
  return withChanges(text, [
    ...sides.flatMap((side) => imageChange(recipe[side], side, draft, valueAt(rootOf(text), side)?.type === "object")),
    ...(recipe.prompt === draft.prompt ? [] : [{ path: ["prompt"], value: draft.prompt }]),
    ...(recipe.parameters === undefined && !isSet ? [] : [{ path: ["parameters"], value: values }]),
  ]);
}

/** @param isObject the image is written as an object: as a path alone it stays one, where that is enough */
function imageChange(
  present: { path?: string | undefined; crop?: unknown },
  side: Side,
  draft: SavedDraft,
  isObject: boolean,
): NewValue[] {
  const { crop, ...where } = draft[side];
  const path = "path" in where ? where.path : undefined;
  const isSame = present.path === path;
  if (isSame && JSON.stringify(present.crop) === JSON.stringify(crop)) {
    return [];
  }
  if (!isObject && crop === undefined && path !== undefined) {
    return [{ path: [side], value: path }];
  }
  // The hashes are those of the image that was there.
  const others = isSame ? {} : { url: undefined, name: undefined, sha256: undefined, conformedSha256: undefined };
  return [{ path: [side], value: { path, ...others, crop } }];
}
