import * as vscode from "vscode";
import { RecipeFiles, type RecipeFilesDeps } from "../../host/recipeFiles.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import type { ImagePicker } from "../picker.ts";
import type { HasCommand } from "./recipeActions.ts";
import { RecipeBadges } from "./recipeBadges.ts";
import { RecipeFixes } from "./recipeFixes.ts";
import { RecipeLenses } from "./recipeLenses.ts";
import { RecipeProblems } from "./recipeProblems.ts";
import { RecipesView } from "./recipesView.ts";

interface RecipesDeps extends RecipeFilesDeps {
  readonly picker: Pick<ImagePicker, "pick">;
  readonly has: HasCommand;
}

/** The workspace's recipes. */
export interface Recipes extends vscode.Disposable {
  readonly index: RecipeIndex;
  /** Resolves once all recipes are found and read, their images too. */
  whenKnown(): Promise<void>;
}

/** The workspace's recipes, with everything that shows them. */
export function createRecipes(deps: RecipesDeps): Recipes {
  const files = new RecipeFiles(deps);
  const { index } = files;
  const parts = [
    files,
    new RecipeProblems(index),
    new RecipeFixes(index, deps.picker),
    new RecipeLenses(index, deps.has),
    new RecipeBadges(index),
    new RecipesView(index),
  ];
  const started = files.start().catch((error: unknown) => deps.report(error));
  return {
    index,
    whenKnown: () => started.then(() => index.whenKnown()),
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}
