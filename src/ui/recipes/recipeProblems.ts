import * as vscode from "vscode";
import { isRecipeDocument } from "../../host/recipeFiles.ts";
import type { RecipeProblem } from "../../recipes/problems.ts";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { recipeFaultText } from "../words/recipe.ts";
import { placesIn } from "./places.ts";

const severities: Readonly<Record<RecipeProblem["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** The problems of recipes in the list of all problems: errors of each recipe, and everything of those in an editor. */
export class RecipeProblems implements vscode.Disposable {
  readonly #index: Pick<RecipeIndex, "get" | "list" | "onDidChange">;
  readonly #collection = vscode.languages.createDiagnosticCollection("wanFlf2v");
  readonly #disposables: vscode.Disposable[];

  constructor(index: Pick<RecipeIndex, "get" | "list" | "onDidChange">) {
    this.#index = index;
    const show = (document: vscode.TextDocument) => isRecipeDocument(document) && this.#show([document.uri.fsPath]);
    this.#disposables = [
      this.#collection,
      new vscode.Disposable(index.onDidChange((paths) => this.#show(paths))),
      vscode.workspace.onDidOpenTextDocument(show),
      vscode.workspace.onDidCloseTextDocument(show),
    ];
    this.#show(index.list().map(({ path }) => path));
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #show(paths: readonly string[]): void {
    const open = new Set(
      vscode.workspace.textDocuments.filter(({ isClosed }) => !isClosed).map(({ uri }) => uri.fsPath),
    );
    this.#collection.set(
      paths.map((path) => {
        const entry = this.#index.get(path);
        return [vscode.Uri.file(path), entry && diagnosticsOf(entry, open.has(path))];
      }),
    );
  }
}

function diagnosticsOf({ text, problems }: RecipeEntry, isOpen: boolean): vscode.Diagnostic[] {
  const shown = problems.filter(({ severity }) => isOpen || severity === "error");
  const placeOf = shown.length === 0 ? undefined : placesIn(text);
  return shown.flatMap((problem) => {
    if (placeOf === undefined) {
      return [];
    }
    const diagnostic = new vscode.Diagnostic(
      placeOf(problem.range),
      recipeFaultText(problem),
      severities[problem.severity],
    );
    diagnostic.source = "Wan FLF2V";
    diagnostic.code = problem.code;
    return [diagnostic];
  });
}
