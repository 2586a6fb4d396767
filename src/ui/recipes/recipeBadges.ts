import * as vscode from "vscode";
import { isRecipe } from "../../host/globs.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import type { RecipeState } from "../../recipes/state.ts";
import { recipeDetailText } from "../words/recipe.ts";

/** The letter and the theme's color of each state; nothing for what is up to date. */
function lookOf(state: RecipeState): readonly [badge: string, color: string] | undefined {
  switch (state.state) {
    case "broken":
      return ["!", "list.errorForeground"];
    case "failed":
      return ["F", "list.errorForeground"];
    case "stale":
      return ["S", "list.warningForeground"];
    case "rendering":
      return state.needsUser ? ["!", "list.warningForeground"] : ["R", "charts.blue"];
    case "notRendered":
      return ["N", "list.deemphasizedForeground"];
    case "upToDate":
      return state.video === "missing" || state.video === "changed" ? ["V", "list.warningForeground"] : undefined;
  }
}

/** The states of recipes beside their names in the explorer and on tabs. */
export class RecipeBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #index: Pick<RecipeIndex, "get">;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#didChange.event;
  readonly #disposables: vscode.Disposable[];

  constructor(index: Pick<RecipeIndex, "get" | "onDidChange">) {
    this.#index = index;
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(
        index.onDidChange((paths) => this.#didChange.fire(paths.map((path) => vscode.Uri.file(path)))),
      ),
      vscode.window.registerFileDecorationProvider(this),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const entry = uri.scheme === "file" && isRecipe(uri.path) ? this.#index.get(uri.fsPath) : undefined;
    const look = entry && lookOf(entry.state);
    if (entry === undefined || look === undefined) {
      return undefined;
    }
    const [badge, color] = look;
    return new vscode.FileDecoration(badge, recipeDetailText(entry.state, entry.video), new vscode.ThemeColor(color));
  }
}
