import { basename } from "node:path";
import * as vscode from "vscode";
import { imageExtensions } from "../shared/model/imageKinds.ts";
import type { Side } from "../shared/model/side.ts";
import { plain } from "./words/plain.ts";

/** Cameras and phones write them in capitals, and globs and some file dialogs are case-sensitive. */
const glob = `**/*.{${imageExtensions.map(inEitherCase).join(",")}}`;
/** More images than anyone scrolls through; typing narrows the list down. */
const maximumImages = 2000;
/** The most characters of a path in a row. */
const longestPath = 1000;

function inEitherCase(extension: string): string {
  return extension.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function capitalized(extension: string): string {
  return `${extension.slice(0, 1).toUpperCase()}${extension.slice(1)}`;
}

interface ImageItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/** Lets the user pick an image of the workspace, shown with its thumbnail, or any other file. */
export class ImagePicker {
  /** Returns undefined if the user cancelled. */
  async pick(side: Side): Promise<vscode.Uri | undefined> {
    const found = await vscode.workspace.findFiles(glob, "**/{node_modules,.git}/**", maximumImages);
    const browse: ImageItem = {
      label: vscode.l10n.t("Browse…"),
      iconPath: new vscode.ThemeIcon("folder-opened"),
      alwaysShow: true,
    };
    const items = found
      .sort((a, b) => a.fsPath.localeCompare(b.fsPath, undefined, { numeric: true }))
      .map(
        (uri): ImageItem => ({
          label: plain(basename(uri.fsPath)),
          description: plain(vscode.workspace.asRelativePath(uri), longestPath),
          iconPath: uri,
          uri,
        }),
      );
    if (items.length === 0) {
      return browseFiles(side);
    }
    const picked = await this.#show(side, [...items, browse]);
    if (picked === undefined) {
      return undefined;
    }
    return picked.uri ?? browseFiles(side);
  }

  async #show(side: Side, items: readonly ImageItem[]): Promise<ImageItem | undefined> {
    return vscode.window.showQuickPick(items, {
      title: titleOf(side),
      placeHolder:
        side === "start" ? vscode.l10n.t("The video’s first frame") : vscode.l10n.t("The video’s last frame"),
      matchOnDescription: true,
    });
  }
}

function titleOf(side: Side): string {
  return side === "start" ? vscode.l10n.t("Choose the Start Image") : vscode.l10n.t("Choose the End Image");
}

async function browseFiles(side: Side): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: titleOf(side),
      openLabel: vscode.l10n.t("Choose"),
      filters: {
        [vscode.l10n.t("Images")]: imageExtensions.flatMap((each) => [each, each.toUpperCase(), capitalized(each)]),
        // The bytes of a file decide what it is, not its name.
        [vscode.l10n.t("All Files")]: ["*"],
      },
    })) ?? [];
  return uri;
}
