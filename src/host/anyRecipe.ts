import * as vscode from "vscode";
import { excluded, isExcluded, isRecipe, recipeGlob } from "./globs.ts";

/** Calls back as soon as a recipe of the workspace, or one in an editor, is there. Costs one look, and nothing afterwards. */
export function watchForRecipes(found: () => void): vscode.Disposable {
  const { workspace } = vscode;
  const look = async (): Promise<void> => {
    const [recipe] = await workspace.findFiles(recipeGlob, excluded, 1);
    if (recipe !== undefined || workspace.textDocuments.some(({ uri }) => isRecipe(uri.path))) {
      found();
    }
  };
  const see = (uri: vscode.Uri) => isRecipe(uri.path) && !isExcluded(uri.fsPath) && found();
  const watcher = workspace.createFileSystemWatcher(recipeGlob, false, true, true);
  void look().catch(() => undefined);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(see),
    workspace.onDidOpenTextDocument(({ uri }) => see(uri)),
    workspace.onDidChangeWorkspaceFolders(() => void look().catch(() => undefined)),
  );
}
