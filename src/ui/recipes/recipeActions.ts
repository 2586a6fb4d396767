import * as vscode from "vscode";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";

/** True for a command of the extension, by its name without the prefix. */
export type HasCommand = (name: string) => boolean;

/** True if there is something to render: it is no error, and its video is not there as the recipe says. */
export function isRenderable({ state }: RecipeEntry): boolean {
  switch (state.state) {
    case "notRendered":
    case "stale":
    case "failed":
      return true;
    case "upToDate":
      return state.video === "missing" || state.video === "changed";
    case "broken":
    case "rendering":
      return false;
  }
}

/** What can be done with a recipe now, the next step first. Only commands that there are. */
export function recipeActions(entry: RecipeEntry, uri: vscode.Uri, has: HasCommand): vscode.Command[] {
  const { state } = entry;
  const actions: vscode.Command[] = [];
  const add = (name: string, title: string, argument: unknown = uri) => {
    if (has(name)) {
      actions.push({ command: `wanFlf2v.${name}`, title, arguments: [argument] });
    }
  };
  if (isRenderable(entry)) {
    add("renderRecipe", vscode.l10n.t("Render"));
  }
  if (state.state === "rendering" || state.state === "failed") {
    add("job.review", vscode.l10n.t("Show"), { id: state.job });
  }
  if (state.state === "upToDate" && !isRenderable(entry)) {
    add("openVideo", vscode.l10n.t("Open Video"));
  }
  if (state.state !== "broken") {
    add("openInPanel", vscode.l10n.t("Open in Studio"));
  }
  return actions;
}
