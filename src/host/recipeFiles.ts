import { mkdir, readFile, rename } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import * as vscode from "vscode";
import { writeDurably } from "../files/durable.ts";
import { recipeJobs } from "../jobs/recipeJobs.ts";
import type { JobService } from "../jobs/service.ts";
import { RecipeIndex } from "../recipes/recipeIndex.ts";
import { codeOf } from "../shared/errors.ts";
import type { Size } from "../shared/model/size.ts";
import { excluded, imageGlob, isExcluded, isRecipe, recipeGlob, videoGlob } from "./globs.ts";
import { factsOf, filesIn, isFolder, recipeTextAt, stampOf } from "./recipeDisk.ts";

/** The most recipes of a workspace; more than that are not looked at. */
const mostRecipes = 10_000;
/** New files are looked up one by one up to that many; more are found by looking at the whole workspace again. */
const fewFiles = 20;
/** How long what was read is gathered before it is kept, ms. */
const keepingPause = 2000;

/** What the recipes of the workspace depend on. */
export interface RecipeFilesDeps {
  readonly jobs: Pick<JobService, "list" | "onDidChange">;
  /** An image's size with the orientation applied. Throws a ProblemError. */
  imageSize(path: string): Promise<Size>;
  /** Absolute folder for what is known of images; undefined in a window without a workspace. */
  readonly storage: string | undefined;
  /** Logs an unexpected error. */
  report(error: unknown): void;
}

/** Keeps the index of recipes in step with VS Code's files, documents and settings, and with the journal, by their events. */
export class RecipeFiles implements vscode.Disposable {
  readonly index: RecipeIndex;
  readonly #deps: RecipeFilesDeps;
  readonly #disposables: vscode.Disposable[];
  /** New paths that may be recipes, or folders with recipes. */
  readonly #newRecipes = new Set<string>();
  readonly #newFolders = new Set<string>();
  #looking: Promise<void> | undefined;
  #keeping: NodeJS.Timeout | undefined;

  constructor(deps: RecipeFilesDeps) {
    this.#deps = deps;
    this.index = new RecipeIndex({
      text: async (path) => openText(path) ?? (isInWorkspace(path) ? recipeTextAt(path) : undefined),
      textOnDisk: recipeTextAt,
      rootOf,
      filesIn,
      stampOf,
      read: (path) => factsOf(path, (image) => deps.imageSize(image)),
      jobs: () => recipeJobs(deps.jobs.list()),
      report: (error) => deps.report(error),
    });
    this.#disposables = [
      new vscode.Disposable(deps.jobs.onDidChange(() => this.index.refresh())),
      new vscode.Disposable(this.index.onDidChange(() => this.#keepSoon())),
      ...this.#watchFiles(),
      ...this.#watchDocuments(),
    ];
  }

  /** Finds the recipes of the workspace, and takes up what an earlier window knew of their images. */
  async start(): Promise<void> {
    const memoryFile = this.#memoryFile;
    this.index.memory.restore(memoryFile === undefined ? "" : await readFile(memoryFile, "utf8").catch(() => ""));
    await this.#find();
  }

  dispose(): void {
    clearTimeout(this.#keeping);
    void this.#keep();
    vscode.Disposable.from(...this.#disposables).dispose();
    this.index.dispose();
  }

  get #memoryFile(): string | undefined {
    return this.#deps.storage && join(this.#deps.storage, "images.json");
  }

  async #find(): Promise<void> {
    const found = await vscode.workspace.findFiles(recipeGlob, excluded, mostRecipes);
    const paths = found.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
    this.index.set([...new Set([...paths, ...openRecipes()])]);
  }

  #watchFiles(): vscode.Disposable[] {
    const { workspace } = vscode;
    const recipes = workspace.createFileSystemWatcher(recipeGlob);
    const images = workspace.createFileSystemWatcher(imageGlob);
    const videos = workspace.createFileSystemWatcher(videoGlob);
    // A folder that is moved or deleted is one event, whatever is in it.
    const folders = workspace.createFileSystemWatcher("**", false, true, false);
    const findAgain = () => void this.#find().catch((error: unknown) => this.#deps.report(error));
    const changed = ({ fsPath }: vscode.Uri) => this.index.filesChanged([fsPath]);
    return [
      recipes,
      images,
      videos,
      folders,
      recipes.onDidCreate(({ fsPath }) => this.#seeNew(this.#newRecipes, fsPath)),
      recipes.onDidChange(({ fsPath }) => this.index.get(fsPath) && this.index.touch([fsPath])),
      recipes.onDidDelete(({ fsPath }) => this.index.touch([fsPath])),
      ...[images, videos].flatMap((watcher) => [watcher.onDidChange(changed), watcher.onDidDelete(changed)]),
      images.onDidCreate(({ fsPath }) => !isExcluded(fsPath) && this.index.imagesCreated([fsPath])),
      videos.onDidCreate(changed),
      folders.onDidDelete(({ fsPath }) => !isExcluded(fsPath) && this.index.foldersChanged([fsPath])),
      // Nearly all names of folders are without a dot, and nearly all names of files with one.
      folders.onDidCreate(({ fsPath }) => !basename(fsPath).includes(".") && this.#seeNew(this.#newFolders, fsPath)),
      workspace.onDidRenameFiles(({ files }) => {
        this.index.renamed(files.map(({ oldUri, newUri }) => ({ from: oldUri.fsPath, to: newUri.fsPath })));
        for (const { newUri } of files) {
          this.#seeNew(isRecipe(newUri.path) ? this.#newRecipes : this.#newFolders, newUri.fsPath);
        }
      }),
      workspace.onDidChangeWorkspaceFolders(findAgain),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("files.exclude") && findAgain()),
    ];
  }

  #watchDocuments(): vscode.Disposable[] {
    const touch = (document: vscode.TextDocument) => {
      if (isRecipeDocument(document)) {
        this.index.touch([document.uri.fsPath]);
      }
    };
    return [
      vscode.workspace.onDidOpenTextDocument(touch),
      vscode.workspace.onDidChangeTextDocument(
        ({ document, contentChanges }) => contentChanges.length > 0 && touch(document),
      ),
      vscode.workspace.onDidCloseTextDocument(touch),
    ];
  }

  #seeNew(kind: Set<string>, path: string): void {
    if (isExcluded(path)) {
      return;
    }
    kind.add(path);
    this.#looking ??= this.#lookAtNew()
      .catch((error: unknown) => this.#deps.report(error))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** Takes up new recipes that VS Code's settings do not exclude. */
  async #lookAtNew(): Promise<void> {
    while (this.#newRecipes.size + this.#newFolders.size > 0) {
      // What a checkout makes comes in several events, soon after each other.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const [recipes, folders] = [this.#newRecipes, this.#newFolders].map((paths) => [...paths]);
      this.#newRecipes.clear();
      this.#newFolders.clear();
      const unknown = (recipes ?? []).filter((path) => this.index.get(path) === undefined);
      this.index.touch((recipes ?? []).filter((path) => !unknown.includes(path)));
      if (unknown.length + (folders ?? []).length > fewFiles) {
        await this.#find();
        continue;
      }
      for (const path of unknown) {
        this.index.touch(await pathsIn(dirname(path), basename(path).replace(/[[\]{}*?]/g, "?")));
      }
      for (const folder of folders ?? []) {
        if (await isFolder(folder)) {
          this.index.foldersChanged([folder]);
          this.index.touch(await pathsIn(folder, recipeGlob));
          this.index.imagesCreated(await pathsIn(folder, imageGlob));
        }
      }
    }
  }

  /** Keeps what is known of images for a later window, once it has been gathered. */
  #keepSoon(): void {
    if (this.index.memory.hasNews) {
      this.#keeping ??= setTimeout(() => {
        this.#keeping = undefined;
        void this.#keep();
      }, keepingPause);
    }
  }

  async #keep(): Promise<void> {
    const memoryFile = this.#memoryFile;
    if (memoryFile === undefined || !this.index.memory.hasNews) {
      return;
    }
    try {
      await mkdir(dirname(memoryFile), { recursive: true });
      const part = `${memoryFile}.${process.pid}.part`;
      await writeDurably(part, this.index.memory.text());
      await rename(part, memoryFile);
    } catch (error) {
      // The images are then read again by the next window.
      if (codeOf(error) === "") {
        this.#deps.report(error);
      }
    }
  }
}

/** True for a recipe in an editor that is a file on this machine. */
export function isRecipeDocument({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === "file" && isRecipe(uri.path);
}

function openRecipes(): string[] {
  return vscode.workspace.textDocuments.filter(isRecipeDocument).map(({ uri }) => uri.fsPath);
}

function openText(path: string): string | undefined {
  return vscode.workspace.textDocuments
    .find((document) => isRecipeDocument(document) && document.uri.fsPath === path && !document.isClosed)
    ?.getText();
}

function isInWorkspace(path: string): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path)) !== undefined;
}

function rootOf(path: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri;
  return folder?.scheme === "file" ? folder.fsPath : parse(path).root;
}

async function pathsIn(folder: string, glob: string): Promise<string[]> {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), glob);
  return (await vscode.workspace.findFiles(pattern, excluded, mostRecipes)).map(({ fsPath }) => fsPath);
}
