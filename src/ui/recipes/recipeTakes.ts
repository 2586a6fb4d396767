import { basename } from "node:path";
import * as vscode from "vscode";
import { type Alone, readRecipeText } from "../../output/recipe.ts";
import { otherTakes, type TakeFile, takeIn } from "../../output/takeFiles.ts";
import { editableRecipe, takesOf, useTake, withoutTakes } from "../../recipes/edit.ts";
import type { RecipeFile, Take } from "../../recipes/file.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { messageOf } from "../../shared/errors.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { pluralText } from "../../shared/texts.ts";
import { ageText, factLine, sumText } from "../../shared/videoTexts.ts";
import { ask, mention, tell } from "../tell.ts";
import { plain } from "../words/plain.ts";
import { megabytesText } from "../words/units.ts";
import { changeText, openDocument } from "./changeText.ts";

/** What the takes of recipes need. Paths are absolute. */
interface TakesDeps {
  readonly index: Pick<RecipeIndex, "list">;
  /** Does short work on files while no other window does such work. */
  readonly alone: Alone;
}

/** The most names in a question. */
const mostNamed = 8;

/** Which of a recipe's takes counts, and what becomes of the others. Each function throws {@link ProblemError}. */
export class RecipeTakes {
  readonly #deps: TakesDeps;

  constructor(deps: TakesDeps) {
    this.#deps = deps;
  }

  /**
   * Lets another take count. Its file and the others stay as they are.
   * @param by the request of the take, or the name of its video as the recipe has it
   */
  async use(path: string, by: { readonly requestId: string } | { readonly file: string }): Promise<void> {
    const take = takeIn(await recipeAt(path), by);
    if (take === undefined) {
      throw new ProblemError({ code: "takeUnknown", path });
    }
    const { file } = take.video;
    await changeText(path, this.#deps.alone, (text) => useTake(text, file));
    mention(
      vscode.l10n.t({
        message: "{0} now uses {1}.",
        args: [basename(path), basename(file)],
        comment: ["A recipe and the video that counts in it"],
      }),
    );
  }

  /** Lets the user choose the take that counts. */
  async choose(path: string): Promise<void> {
    const recipe = await recipeAt(path);
    const takes = takesOf(recipe);
    if (takes.length < 2) {
      mention(vscode.l10n.t("{0} has no other takes.", basename(path)));
      return;
    }
    const items = takes.map((take) => takeItem(take, take.video.file === recipe.video?.file));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Use This Take"),
      placeHolder: plain(basename(path)),
      matchOnDetail: true,
    });
    if (picked !== undefined) {
      await this.use(path, { file: picked.file });
    }
  }

  /** Moves the videos of the takes that do not count to the trash, after asking, and takes them off the recipe. */
  async tidy(path: string): Promise<void> {
    const files = await otherTakes(path, await recipeAt(path));
    const kept = files.filter((file) => !this.#isTidied(path, file));
    const tidied = files.filter((file) => this.#isTidied(path, file));
    if (tidied.length === 0) {
      void tell(
        "info",
        [vscode.l10n.t("There are no takes to tidy in {0}.", basename(path)), ...leftText(kept)].join(" "),
      );
      return;
    }
    const present = tidied.filter(({ state }) => state === "same");
    if (!(await ask(tidyQuestion(present), tidyDetails(path, tidied, kept), tidyButton(present)))) {
      return;
    }
    // Much can have happened while the question was open.
    const now = await otherTakes(path, await recipeAt(path));
    const agreed = now.filter(
      (file) =>
        this.#isTidied(path, file) && tidied.some((each) => each.path === file.path && each.state === file.state),
    );
    const removed = await removedFiles(agreed.filter(({ state }) => state === "same"));
    const gone = agreed.filter(({ state }) => state === "gone");
    const off = [...removed, ...gone].map(({ file }) => file);
    await changeText(path, this.#deps.alone, (text) => withoutTakes(text, off));
    if (kept.length > 0) {
      void tell("info", [removedText(removed.length), ...leftText(kept)].join(" "));
    } else {
      mention(removedText(removed.length));
    }
  }

  /** Only the very video that the recipe records, and none that another recipe uses. */
  #isTidied(path: string, { path: video, state }: TakeFile): boolean {
    const isUsed = this.#deps.index.list().some((entry) => entry.path !== path && entry.video === video);
    return state !== "changed" && !isUsed;
  }
}

/** @throws {ProblemError} `notARecipe` */
async function recipeAt(path: string): Promise<RecipeFile> {
  const text = openDocument(path)?.getText() ?? (await readRecipeText(path));
  const recipe = text === undefined ? undefined : editableRecipe(text);
  if (recipe === undefined) {
    throw new ProblemError({ code: "notARecipe", path });
  }
  return recipe;
}

function takeItem({ video, savedAt, cost, rendered }: Take, isPicked: boolean) {
  const seed = rendered?.parameters?.seed;
  const saved = savedAt === undefined ? Number.NaN : Date.parse(savedAt);
  const facts = [
    ...(seed === undefined ? [] : [vscode.l10n.t("Seed {0}", seed)]),
    vscode.l10n.t("{0} × {1}, {2} frames", video.width, video.height, video.frames),
    ...(cost === undefined ? [] : [sumText(cost)]),
    ...(Number.isNaN(saved) ? [] : [ageText(saved, Date.now())]),
  ];
  return {
    label: plain(basename(video.file)),
    ...(isPicked && { description: vscode.l10n.t("in use") }),
    detail: plain(factLine(facts)),
    iconPath: new vscode.ThemeIcon(isPicked ? "check" : "play"),
    file: video.file,
  };
}

/**
 * Moves files to the trash. Where there is none, it asks before it deletes anything for good.
 * @returns those that are gone from their folder
 */
async function removedFiles(files: readonly TakeFile[]): Promise<TakeFile[]> {
  const removed: TakeFile[] = [];
  let useTrash = true;
  for (const [index, file] of files.entries()) {
    let failure = await failureOf(file, useTrash);
    if (failure !== undefined && useTrash && (await agreesToDelete(files.slice(index), failure))) {
      useTrash = false;
      failure = await failureOf(file, useTrash);
    }
    if (failure !== undefined) {
      void tell("warning", vscode.l10n.t("{0} was not removed: {1}", basename(file.path), failure));
      return removed;
    }
    removed.push(file);
  }
  return removed;
}

/** Removes a file, and gives the reason if that is not possible. */
async function failureOf({ path }: TakeFile, useTrash: boolean): Promise<string | undefined> {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(path), { useTrash });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function agreesToDelete(files: readonly TakeFile[], reason: string): Promise<boolean> {
  const count = files.length;
  return await ask(
    pluralText(
      count,
      vscode.l10n.t("{0} video can’t be moved to the trash. Delete it permanently?", count),
      vscode.l10n.t("{0} videos can’t be moved to the trash. Delete them permanently?", count),
    ),
    [namesText(files), reason, vscode.l10n.t("This can’t be undone.")],
    vscode.l10n.t("Delete Permanently"),
  );
}

function tidyQuestion(present: readonly TakeFile[]): string {
  const count = present.length;
  const size = megabytesText(
    present.reduce((sum, { bytes }) => sum + bytes, 0),
    1,
  );
  return count === 0
    ? vscode.l10n.t("Take the takes whose videos are gone off the recipe?")
    : pluralText(
        count,
        vscode.l10n.t("Move {0} video ({1} MB) to the trash?", count, size),
        vscode.l10n.t("Move {0} videos ({1} MB) to the trash?", count, size),
      );
}

function tidyDetails(path: string, tidied: readonly TakeFile[], kept: readonly TakeFile[]): string[] {
  const present = tidied.filter(({ state }) => state === "same");
  const gone = tidied.filter(({ state }) => state === "gone");
  return [
    ...(present.length === 0 ? [] : [namesText(present)]),
    ...(gone.length === 0 ? [] : [vscode.l10n.t("No longer here: {0}.", namesText(gone))]),
    vscode.l10n.t("{0} no longer lists them. The take in use stays.", basename(path)),
    ...leftText(kept),
  ];
}

function tidyButton(present: readonly TakeFile[]): string {
  return present.length === 0 ? vscode.l10n.t("Tidy Takes") : vscode.l10n.t("Move to Trash");
}

function removedText(count: number): string {
  return count === 0
    ? vscode.l10n.t("No videos were removed.")
    : pluralText(
        count,
        vscode.l10n.t("{0} video was removed.", count),
        vscode.l10n.t("{0} videos were removed.", count),
      );
}

/** What is left alone, and why. */
function leftText(kept: readonly TakeFile[]): string[] {
  return kept.length === 0
    ? []
    : [vscode.l10n.t("Left alone, because they were changed or another recipe uses them: {0}.", namesText(kept))];
}

function namesText(files: readonly TakeFile[]): string {
  const names = files.slice(0, mostNamed).map(({ file }) => basename(file));
  const rest = files.length - names.length;
  const all = rest === 0 ? names : [...names, vscode.l10n.t("{0} more", rest)];
  return all.join(", ");
}
