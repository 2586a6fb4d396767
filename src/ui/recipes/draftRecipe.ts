import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { Alone } from "../../output/recipe.ts";
import { type SavedDraft, withDraft } from "../../recipes/draft.ts";
import { newRecipe } from "../../recipes/edit.ts";
import { fromRecipe } from "../../recipes/paths.ts";
import { codeOf } from "../../shared/errors.ts";
import { type Form, formOf } from "../../shared/messages/form.ts";
import { fieldValues } from "../../shared/model/fields.ts";
import { pairName } from "../../shared/model/pairing.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { tell } from "../tell.ts";
import { plain } from "../words/plain.ts";
import { changeText } from "./changeText.ts";

/** What saving drafts needs. */
interface DraftDeps {
  /** The form as the panel has stored it, of any version. */
  form(): unknown;
  readonly alone: Alone;
}

/** The studio's draft as a recipe: it is saved without being rendered, into a new file or into the one that it came from. */
export class DraftRecipe {
  readonly #deps: DraftDeps;
  /** The recipe (absolute path) that was last put into the form. */
  #from: string | undefined;

  constructor(deps: DraftDeps) {
    this.#deps = deps;
  }

  /** A recipe (absolute path) was put into the form. */
  cameFrom(path: string): void {
    this.#from = path;
  }

  /**
   * Saves the draft as a recipe, and shows that. The user says where.
   * @throws {ProblemError} `outsideWorkspace`, `recipeLocked`, `recipeNotWritten`
   */
  async save(): Promise<void> {
    const form = formOf(this.#deps.form());
    const { start, end } = form ?? {};
    if (form === undefined || start === undefined || end === undefined) {
      void tell(
        "info",
        vscode.l10n.t("Choose a start and an end image in the studio first. Then the draft can be saved."),
      );
      return;
    }
    const path = await this.#target(start, end);
    if (path === undefined) {
      return;
    }
    const draft = draftOf(form, { start, end }, path);
    if (!(await writtenNew(path, newRecipe(draft)))) {
      await changeText(path, this.#deps.alone, (text) => withDraft(text, draft));
    }
    this.#from = path;
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path));
  }

  async #target(start: string, end: string): Promise<string | undefined> {
    if (this.#from !== undefined) {
      const into = { label: vscode.l10n.t("Save into {0}", plain(basename(this.#from))), path: this.#from };
      const other = { label: vscode.l10n.t("Save as a New Recipe…"), path: undefined };
      const chosen = await vscode.window.showQuickPick([into, other], { title: vscode.l10n.t("Save Draft as Recipe") });
      if (chosen === undefined || chosen.path !== undefined) {
        return chosen?.path;
      }
    }
    const stem = (path: string) => basename(path, extname(path));
    const name = pairName(stem(start), stem(end));
    const uri = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save Draft as Recipe"),
      defaultUri: vscode.Uri.file(join(dirname(start), `${name}.flf.json`)),
      filters: { [vscode.l10n.t("Recipes")]: ["flf.json"] },
    });
    return uri && (uri.fsPath.endsWith(".flf.json") ? uri.fsPath : `${uri.fsPath}.flf.json`);
  }
}

/** @throws {ProblemError} `outsideWorkspace` where a recipe at `path` could not name an image. */
function draftOf(form: Form, images: { readonly start: string; readonly end: string }, path: string): SavedDraft {
  const named = (image: string) => {
    const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
    const within = (file: string) => (root === undefined ? ".." : relative(root, file)).split(sep).join("/");
    const [file, folder] = [within(image), within(dirname(path))];
    if ([file, folder].some((way) => way.startsWith("..") || /^([a-z]:|\/)/i.test(way))) {
      throw new ProblemError({
        code: "outsideWorkspace",
        path: root === undefined || folder.startsWith("..") ? path : image,
      });
    }
    return fromRecipe(file, folder);
  };
  const { plans } = form;
  return {
    start: { path: named(images.start), ...(plans?.start && { crop: plans.start }) },
    end: { path: named(images.end), ...(plans?.end && { crop: plans.end }) },
    prompt: form.prompt,
    parameters: fieldValues(form.parameters),
  };
}

/** Writes a new file; false if there is one already. */
async function writtenNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw new ProblemError({ code: "recipeLocked", path }, { cause: error });
  }
}
