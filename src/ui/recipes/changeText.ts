import * as vscode from "vscode";
import { type Alone, changeRecipe } from "../../output/recipe.ts";
import { editableRecipe } from "../../recipes/edit.ts";
import { editBetween } from "../../recipes/merge.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { placesIn } from "./places.ts";

/** The document of a recipe (absolute path), if it is open. */
export function openDocument(path: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri, isClosed }) => uri.fsPath === path && !isClosed);
}

/**
 * Changes the text of a recipe (absolute path): in its editor if it is open, so that the user sees it and can undo it.
 * @throws {ProblemError} `recipeLocked`
 */
export async function changeText(path: string, alone: Alone, change: (text: string) => string): Promise<void> {
  const document = openDocument(path);
  if (document === undefined) {
    const isAllowed = (text: string) => (editableRecipe(text) === undefined ? undefined : change(text));
    if (!(await changeRecipe("take", path, isAllowed, alone))) {
      throw new ProblemError({ code: "recipeLocked", path });
    }
    return;
  }
  const text = document.getText();
  if (editableRecipe(text) === undefined) {
    throw new ProblemError({ code: "recipeLocked", path });
  }
  const edit = editBetween(text, change(text));
  if (edit === undefined) {
    return;
  }
  const wasSaved = !document.isDirty;
  const all = new vscode.WorkspaceEdit();
  all.replace(document.uri, placesIn(text)(edit), edit.content);
  if (!(await vscode.workspace.applyEdit(all)) || (wasSaved && !(await document.save()))) {
    throw new ProblemError({ code: "recipeLocked", path });
  }
}
