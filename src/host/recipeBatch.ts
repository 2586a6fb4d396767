import { readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import * as vscode from "vscode";
import { readPlain } from "../files/plain.ts";
import { safeName } from "../output/naming.ts";
import { type PairingWay, pairImages, type RecipeSource, recipesOf, sourcesOf } from "../recipes/batch.ts";
import { editableRecipe } from "../recipes/edit.ts";
import type { RecipeFile } from "../recipes/file.ts";
import { parseRecipe } from "../recipes/parse.ts";
import { findFile, fromWorkspace } from "../recipes/paths.ts";
import { longestTable, parseTable, type TableProblem } from "../recipes/table.ts";
import { codeOf } from "../shared/errors.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { excluded, imageGlob, isRecipe } from "./globs.ts";
import { filesIn, isFolder, recipeTextAt } from "./recipeDisk.ts";

/** The most images that are paired at once; a table has a bound of its own. */
const mostImages = 2000;
/** The most recipes that are read to find those that are there already. */
const mostRecipes = 10_000;

/** What recipes are made from: a folder's images, paired in one way, or a table. */
type BatchWay = PairingWay | "table";

/** Recipes that can be made, before any is written. */
export interface Batch {
  readonly way: BatchWay;
  /** Absolute paths of the folder that gets the recipes, and of its workspace folder. */
  readonly folder: string;
  readonly root: string;
  readonly sources: readonly RecipeSource[];
  /** Images that are in no pair, and images of a table that are not there; as seen from the workspace folder. */
  readonly unmatched: readonly string[];
  readonly missing: readonly string[];
  /** Of the table. A row with an error is no source. */
  readonly problems: readonly TableProblem[];
}

/**
 * The recipes that a folder's images give.
 * @param folder absolute
 * @throws {ProblemError} `outsideWorkspace`, or `batchTooLarge`.
 */
export async function pairsIn(folder: string, way: PairingWay): Promise<Batch> {
  const root = await rootOf(folder);
  const files = filesIn(root);
  const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), imageGlob);
  const found = await vscode.workspace.findFiles(pattern, excluded, mostImages + 1);
  if (found.length > mostImages) {
    throw new ProblemError({ code: "batchTooLarge", path: folder, limit: mostImages });
  }
  const paths = found.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => within(root, fsPath));
  // A recipe finds no image that a link leads out of the workspace folder for.
  const isThere = await Promise.all(paths.map((path) => files.exists(path)));
  const { pairs, unmatched } = pairImages(
    paths.filter((_, index) => isThere[index] === true),
    way,
  );
  return { way, folder, root, sources: pairs, unmatched, missing: [], problems: [] };
}

/**
 * The recipes that a table gives.
 * @param table absolute path of a `.csv` file
 * @param folder absolute path of the folder for the recipes; the table's own if missing
 * @throws {ProblemError} `outsideWorkspace`, also for a folder of another workspace folder, or `tableUnreadable`.
 */
export async function rowsOf(table: string, folder = dirname(table)): Promise<Batch> {
  const root = await rootOf(folder);
  const tableFolder = within(root, dirname(table));
  if ((await rootOf(dirname(table))) !== root) {
    throw new ProblemError({ code: "outsideWorkspace", path: table });
  }
  const { rows, problems } = parseTable(await tableText(table), tableFolder);
  const sources = sourcesOf(rows, tableFolder);
  const files = filesIn(root);
  const images = [...new Set(sources.flatMap(({ start, end }) => [start, end]))].filter((image) => !isAddress(image));
  const found = await Promise.all(images.map((image) => findFile(image, "", files)));
  const missing = images.filter((_, index) => found[index] === undefined);
  return { way: "table", folder, root, sources, unmatched: [], missing, problems };
}

async function tableText(path: string): Promise<string> {
  try {
    // UTF-8 has at most three bytes for each UTF-16 unit.
    return new TextDecoder().decode(await readPlain(path, 3 * (longestTable + 1)));
  } catch (error) {
    throw new ProblemError({ code: "tableUnreadable", path }, { cause: error });
  }
}

export interface WriteOptions {
  /** Its prompt and parameters count where a table says nothing. */
  readonly template?: RecipeFile | undefined;
  /** For recipes that no table and no template gives one. */
  readonly prompt?: string | undefined;
}

/** What became of a batch. */
export interface WrittenBatch {
  /** Absolute paths. */
  readonly created: readonly string[];
  /** How many were left out, because the folder has a recipe of the same images already; of a table, one that says the same. */
  readonly known: number;
}

/**
 * Writes the recipes of a batch, each as a file of its own, and replaces none.
 * @throws {ProblemError} `recipeNotWritten` with the number of those that were.
 */
export async function writeBatch(batch: Batch, { template, prompt }: WriteOptions = {}): Promise<WrittenBatch> {
  const { root, sources, way } = batch;
  const folder = within(root, batch.folder);
  const names = await readdir(batch.folder);
  const taken = new Set(names.map(plainName));
  const present = new Set<string>();
  for (const name of names.filter(isRecipe).slice(0, mostRecipes)) {
    const text = await recipeTextAt(join(batch.folder, name)).catch(() => undefined);
    present.add((text === undefined ? undefined : saidBy(text, folder, way)) ?? "");
  }
  const created: string[] = [];
  let known = 0;
  for (const source of sources) {
    const said = template?.prompt === undefined || template.prompt === "" ? prompt : undefined;
    const whole = { ...source, prompt: source.prompt ?? said };
    for (;;) {
      const isTaken = (name: string) => taken.has(plainName(name));
      const [recipe] = recipesOf([whole], { folder, template, safeName, isTaken });
      if (recipe === undefined) {
        break;
      }
      const says = saidBy(recipe.text, folder, way);
      if (says !== undefined && present.has(says)) {
        known += 1;
        break;
      }
      // Whoever took the name meanwhile keeps it.
      taken.add(plainName(recipe.name));
      const path = join(batch.folder, recipe.name);
      if (await isWritten(path, recipe.text, created.length)) {
        created.push(path);
        break;
      }
    }
  }
  return { created, known };
}

/** Writes a new file. False if there is one already. */
async function isWritten(path: string, text: string, made: number): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    const reason = codeOf(error);
    if (reason === "EEXIST") {
      return false;
    }
    throw new ProblemError({ code: "recipeNotWritten", path, made, reason }, { cause: error });
  }
}

/**
 * A recipe that others are made after.
 * @param path absolute
 * @throws {ProblemError} `notARecipe` or `recipeBroken`.
 */
export async function templateAt(path: string): Promise<RecipeFile> {
  const text = isRecipe(path) ? await recipeTextAt(path).catch(() => undefined) : undefined;
  if (text === undefined) {
    throw new ProblemError({ code: "notARecipe", path });
  }
  const { recipe, problems } = parseRecipe(text);
  if (recipe === undefined) {
    const errors = problems.filter(({ severity }) => severity === "error").length;
    throw new ProblemError({ code: "recipeBroken", path, errors: Math.max(errors, 1) });
  }
  return recipe;
}

/** The tables in a folder (absolute), by name; at most as many as a menu has room for. */
export async function tablesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(isTable)
    .sort()
    .slice(0, 20)
    .map((name) => join(folder, name));
}

/** True for the path of a table. */
export function isTable(path: string): boolean {
  return /\.csv$/i.test(path);
}

/** What makes two recipes of a batch the same. */
function saidBy(text: string, folder: string, way: BatchWay): string | undefined {
  const recipe = editableRecipe(text);
  if (recipe === undefined) {
    return undefined;
  }
  const image = (side: Side) => recipe[side].url ?? fromWorkspace(recipe[side].path ?? "", folder);
  const set = Object.entries(recipe.parameters ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([...sides.map(image), ...(way === "table" ? [recipe.prompt, set] : [])]).normalize("NFC");
}

/**
 * The workspace folder (absolute) of a folder.
 * @throws {ProblemError} `outsideWorkspace`, also where a link leads out of it; `recipeNotWritten` if it is no folder.
 */
async function rootOf(folder: string): Promise<string> {
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri;
  if (root?.scheme === "file" && !(await isFolder(folder))) {
    throw new ProblemError({ code: "recipeNotWritten", path: folder, made: 0, reason: "ENOENT" });
  }
  if (root?.scheme !== "file" || !(await filesIn(root.fsPath).exists(within(root.fsPath, folder)))) {
    throw new ProblemError({ code: "outsideWorkspace", path: folder });
  }
  return root.fsPath;
}

/** A path as seen from the workspace folder, with `/`. */
function within(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, "/");
}

function isAddress(image: string): boolean {
  return /^https?:\/\//i.test(image);
}

/** A name as the least particular file system compares it. */
function plainName(name: string): string {
  return basename(name).normalize("NFC").toLowerCase();
}
