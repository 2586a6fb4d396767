import { relative } from "node:path";
import * as vscode from "vscode";
import { recipeGlob } from "../../host/globs.ts";
import { editBetween } from "../../recipes/merge.ts";
import { namedImage } from "../../recipes/namedImage.ts";
import { fromRecipe } from "../../recipes/paths.ts";
import type { RecipeFix, RecipeProblem } from "../../recipes/problems.ts";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { type Side, sides } from "../../shared/model/side.ts";
import type { ImagePicker } from "../picker.ts";
import { tell } from "../tell.ts";
import { plain } from "../words/plain.ts";
import { fixText } from "../words/recipe.ts";
import { placesIn } from "./places.ts";

const pickImage = "wanFlf2v.recipes.pickImage";

/** What can be done about a recipe's problems, where VS Code offers quick fixes. */
export class RecipeFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #index: Pick<RecipeIndex, "get">;
  readonly #picker: Pick<ImagePicker, "pick">;
  readonly #disposables: vscode.Disposable[];

  constructor(index: Pick<RecipeIndex, "get">, picker: Pick<ImagePicker, "pick">) {
    this.#index = index;
    this.#picker = picker;
    this.#disposables = [
      vscode.languages.registerCodeActionsProvider({ scheme: "file", pattern: recipeGlob }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
      vscode.commands.registerCommand(pickImage, (uri: unknown, side: unknown) => this.#pick(uri, side)),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const entry = this.#index.get(document.uri.fsPath);
    // Edits are for the text that was read; after a change there are others in a moment.
    if (entry === undefined || entry.text !== document.getText()) {
      return [];
    }
    const placeOf = placesIn(entry.text);
    return entry.problems
      .filter((problem) => placeOf(problem.range).intersection(range) !== undefined)
      .flatMap((problem) =>
        problem.fixes.map((fix, index) => {
          const action = new vscode.CodeAction(fixText(fix), vscode.CodeActionKind.QuickFix);
          const place = placeOf(problem.range);
          action.diagnostics = context.diagnostics.filter((each) => isOf(each, problem, place));
          action.isPreferred = index === 0 && fix.kind === "edit" && fix.how !== "remove";
          complete(action, fix, document.uri, placeOf);
          return action;
        }),
      );
  }

  /** Lets the user choose an image, and writes its path into the recipe's document, which they save. */
  async #pick(uri: unknown, given: unknown): Promise<void> {
    const side = sides.find((each) => each === given);
    const entry = uri instanceof vscode.Uri ? this.#index.get(uri.fsPath) : undefined;
    const image = side && entry && (await this.#picker.pick(side));
    if (side !== undefined && entry !== undefined && image !== undefined) {
      await this.#name(entry, side, image);
    }
  }

  async #name({ path, root }: RecipeEntry, side: Side, image: vscode.Uri): Promise<void> {
    const [file, folder] = [
      relative(root, image.fsPath),
      relative(root, vscode.Uri.joinPath(vscode.Uri.file(path), "..").fsPath),
    ];
    const isOutside = /^\.\.([\\/]|$)/.test(file) || image.scheme !== "file" || /^[a-z]:/i.test(file);
    if (isOutside) {
      void tell(
        "error",
        vscode.l10n.t(
          "{0} is outside the workspace folder. A recipe names only files inside it: copy the image there.",
          plain(image.fsPath),
        ),
      );
      return;
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const text = document.getText();
    const written = fromRecipe(file.replaceAll("\\", "/"), folder.replaceAll("\\", "/"));
    const edit = editBetween(text, namedImage(text, side, written) ?? text);
    if (edit !== undefined) {
      const change = new vscode.WorkspaceEdit();
      change.replace(document.uri, placesIn(text)(edit), edit.content);
      await vscode.workspace.applyEdit(change);
    }
  }
}

function isOf({ code, range }: vscode.Diagnostic, problem: RecipeProblem, place: vscode.Range): boolean {
  return code === problem.code && range.isEqual(place);
}

function complete(
  action: vscode.CodeAction,
  fix: RecipeFix,
  uri: vscode.Uri,
  placeOf: ReturnType<typeof placesIn>,
): void {
  if (fix.kind === "pickImage") {
    action.command = { command: pickImage, title: action.title, arguments: [uri, fix.side] };
    return;
  }
  action.edit = new vscode.WorkspaceEdit();
  for (const edit of fix.edits) {
    action.edit.replace(uri, placeOf(edit), edit.content);
  }
}
