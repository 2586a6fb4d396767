import * as vscode from "vscode";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { mention } from "../tell.ts";
import { plain } from "../words/plain.ts";
import { recipeStateText } from "../words/recipe.ts";
import { nameIn } from "./recipeBuild.ts";

/** Lets the user pick a recipe of the workspace. Undefined if there is none, or if they cancelled. */
export async function pickRecipe(index: Pick<RecipeIndex, "list" | "whenKnown">): Promise<vscode.Uri | undefined> {
  await index.whenKnown();
  const items = index.list().map(({ path, state }) => ({
    label: plain(nameIn(path)),
    description: recipeStateText(state),
    path,
  }));
  if (items.length === 0) {
    mention(vscode.l10n.t("There is no recipe in this workspace."));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Choose a Recipe"),
    matchOnDescription: true,
  });
  return picked && vscode.Uri.file(picked.path);
}
