import { basename } from "node:path";
import * as vscode from "vscode";
import { excluded, recipeGlob } from "../../host/globs.ts";
import {
  type Batch,
  isTable,
  pairsIn,
  rowsOf,
  tablesIn,
  templateAt,
  type WriteOptions,
  writeBatch,
} from "../../host/recipeBatch.ts";
import { pluralText } from "../../shared/texts.ts";
import { folderOf } from "../picker.ts";
import { choose, tell } from "../tell.ts";
import { batchText, unmatchedText } from "../words/batch.ts";
import { firstNames } from "../words/names.ts";
import { plain } from "../words/plain.ts";
import { tableProblemText } from "../words/table.ts";

/** More recipes than anyone scrolls through; typing narrows the list down. */
const mostTemplates = 2000;
/** The most problems of a table that a question names. */
const mostProblems = 8;

/**
 * Creates recipes as the user answers, renders nothing, and says what was created.
 * @param given absolute path of a folder or a table; without one, the user picks a folder
 * @throws {ProblemError} as `pairsIn`, `rowsOf`, `templateAt` and `writeBatch`
 */
export async function askBatch(given: string | undefined): Promise<void> {
  const from = given ?? (await pickFolder());
  if (from === undefined) {
    return;
  }
  const batch = isTable(from) ? await rowsOf(from) : await pickWay(from);
  if (batch === undefined || !(await acceptsProblems(batch, from))) {
    return;
  }
  const options = await askOptions(batch);
  if (options === undefined) {
    return;
  }
  const { created, known } = await writeBatch(batch, options);
  await tellBatch(batch, created, known);
}

async function pickFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose the Folder with the Images"),
      openLabel: vscode.l10n.t("Choose"),
      canSelectFiles: false,
      canSelectFolders: true,
      ...(folders[0] && { defaultUri: folders[0].uri }),
    })) ?? [];
  return picked?.fsPath;
}

interface WayItem extends vscode.QuickPickItem {
  readonly batch: Batch;
}

/** The ways in which a folder gives recipes, with what each gives. */
async function pickWay(folder: string): Promise<Batch | undefined> {
  const [pairs, chain] = await Promise.all([pairsIn(folder, "pairs"), pairsIn(folder, "chain")]);
  const read = (await tablesIn(folder)).map(async (path) => ({
    path,
    batch: await rowsOf(path).catch(() => undefined),
  }));
  const tables = (await Promise.all(read)).flatMap(({ path, batch }) =>
    batch === undefined || isOfOtherThings(batch) ? [] : [{ path, batch }],
  );
  const items: WayItem[] = [
    ...wayItem(vscode.l10n.t("Pairs Found by Name"), pairs),
    ...wayItem(vscode.l10n.t("Chain: Each Numbered Image with the Next"), chain),
    ...tables.map(({ path, batch }) => ({
      label: plain(basename(path)),
      description: rowsText(batch.sources.length),
      ...(batch.problems[0] && { detail: tableProblemText(batch.problems[0]) }),
      batch,
    })),
  ];
  if (items.length === 0) {
    void tell(
      "info",
      vscode.l10n.t(
        "No pairs found. Images make a pair if their names differ by a word such as “start” or “end”, for example {0} and {1}.",
        "hero_start.png",
        "hero_end.png",
      ),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Create Recipes from {0}", plain(basename(folder))),
    placeHolder: vscode.l10n.t("Choose how the images belong together. Nothing is rendered yet."),
  });
  return picked?.batch;
}

/** A table without any column of images. */
function isOfOtherThings({ problems }: Batch): boolean {
  return problems.filter(({ code }) => code === "columnMissing").length > 1;
}

function wayItem(label: string, batch: Batch): WayItem[] {
  const { sources, unmatched } = batch;
  return sources.length === 0
    ? []
    : [
        {
          label,
          description: pluralText(
            sources.length,
            vscode.l10n.t("{0} pair", sources.length),
            vscode.l10n.t("{0} pairs", sources.length),
          ),
          ...(unmatched.length > 0 && { detail: unmatchedText(unmatched) }),
          batch,
        },
      ];
}

function rowsText(count: number): string {
  return pluralText(count, vscode.l10n.t("{0} row", count), vscode.l10n.t("{0} rows", count));
}

/** Shows what is wrong with a table, and asks whether its other rows are enough. */
async function acceptsProblems({ problems, sources }: Batch, table: string): Promise<boolean> {
  const lines = firstNames(problems, mostProblems, tableProblemText);
  if (lines.length === 0) {
    return true;
  }
  const open = vscode.l10n.t("Open Table");
  const { length } = sources;
  const create = pluralText(
    length,
    vscode.l10n.t("Create {0} Recipe", length),
    vscode.l10n.t("Create {0} Recipes", length),
  );
  const answer = await choose(
    length === 0
      ? vscode.l10n.t("{0} gives no recipes.", basename(table))
      : vscode.l10n.t("Not all of {0} can be used.", basename(table)),
    lines,
    length === 0 ? [open] : [create, open],
  );
  if (answer === open) {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(table));
  }
  return answer === create;
}

/** What the recipes say beside their images. Undefined if the user cancelled. */
async function askOptions(batch: Batch): Promise<WriteOptions | undefined> {
  const chosen = await pickTemplate();
  if (chosen === undefined) {
    return undefined;
  }
  const template = chosen.path === undefined ? undefined : await templateAt(chosen.path);
  const isSaid = batch.sources.every((source) => (source.prompt ?? template?.prompt ?? "") !== "");
  const prompt = isSaid
    ? ""
    : await vscode.window.showInputBox({
        title: vscode.l10n.t("Prompt for the Recipes"),
        prompt: vscode.l10n.t(
          "Describe what happens between the two images. Leave it empty to write a prompt into each recipe.",
        ),
      });
  return prompt === undefined ? undefined : { template, prompt };
}

/** A recipe of the workspace, or none. Undefined if the user cancelled. */
async function pickTemplate(): Promise<{ readonly path?: string } | undefined> {
  const found = await vscode.workspace.findFiles(recipeGlob, excluded, mostTemplates);
  if (found.length === 0) {
    return {};
  }
  const recipes = found
    .sort((one, other) => one.fsPath.localeCompare(other.fsPath, undefined, { numeric: true }))
    .map((uri) => ({ label: plain(basename(uri.fsPath)), description: folderOf(uri), path: uri.fsPath }));
  const items: (vscode.QuickPickItem & { readonly path?: string })[] = [
    { label: vscode.l10n.t("No Template"), alwaysShow: true },
    ...recipes,
  ];
  return vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Choose a Template"),
    placeHolder: vscode.l10n.t("Its prompt, parameters and crops are used where nothing else is said"),
    matchOnDescription: true,
  });
}

async function tellBatch(batch: Batch, created: readonly string[], known: number): Promise<void> {
  const { unmatched, missing } = batch;
  const [first, second] = created;
  const button = second === undefined ? vscode.l10n.t("Open Recipe") : vscode.l10n.t("Show Recipes");
  const message = batchText({ created: created.length, known, unmatched, missing });
  const answer = await tell("info", message, ...(first === undefined ? [] : [button]));
  if (answer !== undefined && first !== undefined) {
    await (second === undefined
      ? vscode.commands.executeCommand("vscode.open", vscode.Uri.file(first))
      : vscode.commands.executeCommand("wanFlf2v.recipes.focus"));
  }
}
