import * as vscode from "vscode";
import { recipeGlob } from "../../host/globs.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { recipeDetailText } from "../words/recipe.ts";
import { type HasCommand, recipeActions } from "./recipeActions.ts";

const top = new vscode.Range(0, 0, 0, 0);

/** Above a recipe's first line: its state, and what can be done with it. */
export class RecipeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #index: Pick<RecipeIndex, "get">;
  readonly #has: HasCommand;
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#didChange.event;
  readonly #disposables: vscode.Disposable[];

  constructor(index: Pick<RecipeIndex, "get" | "onDidChange">, has: HasCommand) {
    this.#index = index;
    this.#has = has;
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(index.onDidChange(() => this.#didChange.fire())),
      vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: recipeGlob }, this),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const entry = this.#index.get(uri.fsPath);
    if (entry === undefined) {
      return [];
    }
    // A lens without a command is text; errors lead to the list of them.
    const command = entry.state.state === "broken" ? "workbench.actions.view.problems" : "";
    const state = { command, title: recipeDetailText(entry.state, entry.video) };
    return [state, ...recipeActions(entry, uri, this.#has)].map((each) => new vscode.CodeLens(top, each));
  }
}
