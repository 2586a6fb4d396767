import * as vscode from "vscode";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import type { RecipeState } from "../../recipes/state.ts";
import { plain } from "../words/plain.ts";
import { recipeDetailText, recipeStateText } from "../words/recipe.ts";
import { isRenderable } from "./recipeActions.ts";

/** The most characters of a path, and of a prompt in a tooltip. */
const longestPath = 1000;
const longestPrompt = 1000;

function iconOf(state: RecipeState): readonly [icon: string, color?: string] {
  switch (state.state) {
    case "broken":
      return ["error", "list.errorForeground"];
    case "failed":
      return ["error", "list.errorForeground"];
    case "rendering":
      return state.needsUser ? ["warning", "list.warningForeground"] : ["loading~spin"];
    case "notRendered":
      return ["circle-outline"];
    case "stale":
      return ["history", "list.warningForeground"];
    case "upToDate":
      return state.video === "missing" || state.video === "changed"
        ? ["warning", "list.warningForeground"]
        : ["check", "testing.iconPassed"];
  }
}

/** As the explorer sorts: `s2` before `s10`. */
const byNumber = new Intl.Collator(undefined, { numeric: true }).compare;

/** The list of the workspace's recipes. Its rows are their Uris, so that commands get them as from the explorer. */
export class RecipesView implements vscode.TreeDataProvider<vscode.Uri>, vscode.Disposable {
  readonly #index: Pick<RecipeIndex, "get" | "list">;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri | vscode.Uri[] | undefined>();
  readonly onDidChangeTreeData = this.#didChange.event;
  /** One object per row for its whole life, so that a single row can be updated. */
  readonly #rows = new Map<string, vscode.Uri>();
  readonly #disposables: vscode.Disposable[];

  constructor(index: Pick<RecipeIndex, "get" | "list" | "onDidChange">) {
    this.#index = index;
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(index.onDidChange((paths) => this.#refresh(paths))),
      vscode.window.createTreeView("wanFlf2v.recipes", { treeDataProvider: this, canSelectMany: false }),
    ];
    this.#refresh(index.list().map(({ path }) => path));
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  getChildren(row?: vscode.Uri): vscode.Uri[] {
    return row === undefined
      ? [...this.#rows].sort(([one], [other]) => byNumber(one, other)).map(([, uri]) => uri)
      : [];
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(row: vscode.Uri): vscode.TreeItem {
    const entry = this.#index.get(row.fsPath);
    const label = plain(vscode.workspace.asRelativePath(row).replace(/\.flf\.json$/, ""), longestPath);
    const item = new vscode.TreeItem(label);
    item.id = row.fsPath;
    item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [row] };
    if (entry === undefined) {
      return item;
    }
    const [icon, color] = iconOf(entry.state);
    item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    item.description = recipeStateText(entry.state);
    item.tooltip = tooltipOf(label, entry);
    // The menus look here for what is possible.
    item.contextValue = isRenderable(entry) ? "recipe render" : "recipe";
    item.accessibilityInformation = { label: `${label}, ${recipeDetailText(entry.state, entry.video)}` };
    return item;
  }

  #refresh(paths: readonly string[]): void {
    const before = this.#rows.size;
    let isOther = false;
    for (const path of paths) {
      const isThere = this.#index.get(path) !== undefined;
      isOther ||= isThere !== this.#rows.has(path);
      if (!isThere) {
        this.#rows.delete(path);
      } else if (!this.#rows.has(path)) {
        this.#rows.set(path, vscode.Uri.file(path));
      }
    }
    if (isOther) {
      if (before === 0 || this.#rows.size === 0) {
        void vscode.commands.executeCommand("setContext", "wanFlf2v.hasRecipes", this.#rows.size > 0);
      }
      this.#didChange.fire(undefined);
    } else {
      this.#didChange.fire(paths.flatMap((path) => this.#rows.get(path) ?? []));
    }
  }
}

/** Text alone: VS Code draws no Markdown in it. */
function tooltipOf(label: string, { state, video, recipe }: RecipeEntry): string {
  const prompt = recipe?.prompt === undefined ? [] : [plain(recipe.prompt, longestPrompt)];
  return [label, recipeDetailText(state, video), ...prompt].join("\n");
}
