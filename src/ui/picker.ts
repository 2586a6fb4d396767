import { basename, dirname, extname } from "node:path";
import * as vscode from "vscode";
import { excluded, imageGlob } from "../host/globs.ts";
import { imageExtensions } from "../shared/model/imageKinds.ts";
import { type NamedPair, pairsByName } from "../shared/model/pairing.ts";
import type { Side } from "../shared/model/side.ts";
import { plain } from "./words/plain.ts";

/** More images than anyone scrolls through; typing narrows the list down. */
const maximumImages = 2000;
/** The most images of earlier videos that have a group of their own. */
const maximumRecent = 8;
/** The most characters of a path in a row. */
const longestPath = 1000;

/** Endings for file dialogs, some of which are case-sensitive. */
export function filterOf(endings: readonly string[]): string[] {
  return endings.flatMap((each) => [each, each.toUpperCase(), `${each.slice(0, 1).toUpperCase()}${each.slice(1)}`]);
}

/** True for a file whose name says that it is an image. */
export function isImage(uri: vscode.Uri): boolean {
  return imageExtensions.includes(extname(uri.path).slice(1).toLowerCase());
}

/** The images among files and in folders; at most as many as anyone scrolls through. */
export async function imagesIn(selection: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found = selection.map((uri) =>
    isImage(uri)
      ? [uri]
      : vscode.workspace.findFiles(new vscode.RelativePattern(uri, imageGlob), excluded, maximumImages),
  );
  return (await Promise.all(found)).flat().slice(0, maximumImages);
}

/** What the user picked: an image, or both of a pair. */
type Picked = { readonly image: vscode.Uri } | { readonly pair: NamedPair };

interface Item extends vscode.QuickPickItem {
  /** Nothing for what is no image: a heading, and the way to all other files. */
  readonly chosen?: Picked;
}

/** Lets the user pick images of the workspace, shown with their thumbnails, or any other file. */
export class ImagePicker {
  readonly #recent: () => readonly string[];

  /** @param recent the images (absolute paths) of earlier videos, newest first */
  constructor(recent: () => readonly string[]) {
    this.#recent = recent;
  }

  /** An image for one side. Returns undefined if the user cancelled. */
  async pick(side: Side): Promise<vscode.Uri | undefined> {
    const picked = await this.#ask(side, []);
    return picked !== undefined && "image" in picked ? picked.image : undefined;
  }

  /** Both images of a video: a pair that the names tell, or one image after the other. Undefined if the user cancelled. */
  async pickPair(): Promise<{ readonly start: vscode.Uri; readonly end: vscode.Uri } | undefined> {
    const found = await imagesOfWorkspace();
    const picked = await this.#ask("start", pairsByName(found.map(({ fsPath }) => fsPath)), found);
    if (picked === undefined) {
      return undefined;
    }
    if ("pair" in picked) {
      return { start: vscode.Uri.file(picked.pair.start), end: vscode.Uri.file(picked.pair.end) };
    }
    const end = await this.pick("end");
    return end && { start: picked.image, end };
  }

  async #ask(side: Side, pairs: readonly NamedPair[], found?: readonly vscode.Uri[]): Promise<Picked | undefined> {
    const all = found ?? (await imagesOfWorkspace());
    const listed = new Set<string>();
    const images = (uris: readonly vscode.Uri[]) =>
      uris.flatMap((uri) => {
        const isNew = !listed.has(uri.fsPath);
        listed.add(uri.fsPath);
        return isNew ? [imageItem(uri)] : [];
      });
    const inWorkspace = new Set(all.map(({ fsPath }) => fsPath));
    const recent = this.#recent()
      .filter((path) => inWorkspace.has(path))
      .slice(0, maximumRecent);
    const items: Item[] = [
      ...group(vscode.l10n.t("Open Editors"), images(imagesInEditors())),
      ...group(vscode.l10n.t("Pairs Found by Name"), pairs.map(pairItem)),
      ...group(vscode.l10n.t("Recent"), images(recent.map((path) => vscode.Uri.file(path)))),
      ...group(vscode.l10n.t("All Images"), images(all)),
    ];
    if (items.length === 0) {
      return browseFiles(side);
    }
    const browse: Item = {
      label: vscode.l10n.t("Browse…"),
      iconPath: new vscode.ThemeIcon("folder-opened"),
      alwaysShow: true,
    };
    const item = await vscode.window.showQuickPick([...items, browse], {
      title: titleOf(side),
      placeHolder:
        side === "start" ? vscode.l10n.t("The video’s first frame") : vscode.l10n.t("The video’s last frame"),
      matchOnDescription: true,
    });
    return item && (item.chosen ?? browseFiles(side));
  }
}

async function imagesOfWorkspace(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(imageGlob, excluded, maximumImages);
  return found.sort((a, b) => a.fsPath.localeCompare(b.fsPath, undefined, { numeric: true }));
}

/** The image files in the tabs of all editors, the active one first. */
function imagesInEditors(): vscode.Uri[] {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const tabs = [activeTabGroup.activeTab, ...all.flatMap(({ tabs }) => tabs)];
  return tabs.flatMap((tab) => fileOf(tab?.input, isImage) ?? []).filter(({ scheme }) => scheme === "file");
}

/** The file in the active editor, of whichever kind, if it is accepted. */
export function fileInFront(accepts: (uri: vscode.Uri) => boolean): vscode.Uri | undefined {
  return fileOf(vscode.window.tabGroups.activeTabGroup.activeTab?.input, accepts);
}

function fileOf(input: unknown, accepts: (uri: vscode.Uri) => boolean): vscode.Uri | undefined {
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return uri !== undefined && accepts(uri) ? uri : undefined;
}

function group(label: string, items: readonly Item[]): Item[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function imageItem(uri: vscode.Uri): Item {
  return {
    label: plain(basename(uri.fsPath)),
    description: folderOf(uri),
    iconPath: uri,
    chosen: { image: uri },
  };
}

function pairItem(pair: NamedPair): Item {
  return { ...pairRow(pair), chosen: { pair } };
}

/** A pair as a row: what its names have in common, and both names. */
export function pairRow({ name, start, end }: NamedPair): { label: string; description: string; iconPath: vscode.Uri } {
  return {
    label: plain(name),
    description: plain(`${basename(start)} → ${basename(end)}`, longestPath),
    iconPath: vscode.Uri.file(start),
  };
}

/** The folder of a file, relative to the workspace; empty for a file at its top. */
export function folderOf(uri: vscode.Uri): string {
  const folder = dirname(vscode.workspace.asRelativePath(uri));
  return folder === "." ? "" : plain(folder, longestPath);
}

function titleOf(side: Side): string {
  return side === "start" ? vscode.l10n.t("Choose the Start Image") : vscode.l10n.t("Choose the End Image");
}

async function browseFiles(side: Side): Promise<Picked | undefined> {
  const [image] =
    (await vscode.window.showOpenDialog({
      title: titleOf(side),
      openLabel: vscode.l10n.t("Choose"),
      filters: {
        [vscode.l10n.t("Images")]: filterOf(imageExtensions),
        // The bytes of a file decide what it is, not its name.
        [vscode.l10n.t("All Files")]: ["*"],
      },
    })) ?? [];
  return image && { image };
}
