import { basename } from "node:path";
import * as vscode from "vscode";
import { excluded, globOf } from "../host/globs.ts";
import { videoEndings } from "../shared/video/fileNames.ts";
import { filterOf, folderOf } from "./picker.ts";
import { plain } from "./words/plain.ts";

/** More videos than anyone scrolls through; typing narrows the list down. */
const maximumVideos = 2000;

/** Lets the user pick a video or a recipe of the workspace, or any other file. Undefined if they cancelled. */
export async function pickVideo(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(globOf(videoEndings), excluded, maximumVideos);
  if (found.length === 0) {
    return browse();
  }
  const items = found
    .sort((one, other) => one.fsPath.localeCompare(other.fsPath, undefined, { numeric: true }))
    .map((uri) => ({
      label: plain(basename(uri.fsPath)),
      description: folderOf(uri),
      uri,
    }));
  const other = { label: vscode.l10n.t("Browse…"), iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true };
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly uri?: vscode.Uri }>(
    [...items, other],
    { title: title(), matchOnDescription: true },
  );
  return picked && (picked.uri ?? browse());
}

function title(): string {
  return vscode.l10n.t("Choose a Video or Its Recipe");
}

async function browse(): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: title(),
      openLabel: vscode.l10n.t("Open"),
      filters: {
        [vscode.l10n.t("Videos and Recipes")]: filterOf(videoEndings),
        [vscode.l10n.t("All Files")]: ["*"],
      },
    })) ?? [];
  return uri;
}
