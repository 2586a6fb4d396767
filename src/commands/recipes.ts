import * as vscode from "vscode";
import * as z from "zod";
import { type IsHere, pathOf } from "../host/files.ts";
import { isRecipe } from "../host/globs.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { fileInFront } from "../ui/picker.ts";
import { pickRecipe } from "../ui/recipes/pickRecipe.ts";
import type { BuildResult, PlannedRecipe } from "../ui/recipes/recipeBuild.ts";
import { askTakes, offerTake, tellBuild } from "../ui/recipes/tellBuild.ts";
import { isOptions, parseOptions } from "./arguments.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

const renderSchema = z.strictObject({ takes: z.int().min(1).max(12).optional() });
const staleSchema = z.strictObject({ confirm: z.boolean().optional() });

/** The commands that render recipes. */
export function recipeCommands({ recipes, panel, jobsView }: Pick<CommandDeps, "recipes" | "panel" | "jobsView">) {
  const isHere: IsHere = (remote) => panel.isHere(remote);
  const chosen = async (given: unknown): Promise<string | undefined> => {
    const isGiven = given instanceof vscode.Uri || typeof given === "string";
    const uri = isGiven ? given : (fileInFront(({ path }) => isRecipe(path)) ?? (await pickRecipe(recipes.index)));
    return uri === undefined ? undefined : pathOf(typeof uri === "string" ? vscode.Uri.file(uri) : uri, "host", isHere);
  };
  const folderOf = (given: unknown): string | undefined =>
    given instanceof vscode.Uri
      ? pathOf(given, "host", isHere)
      : typeof given === "string"
        ? pathOf(vscode.Uri.file(given), "host", isHere)
        : undefined;

  return {
    /**
     * With options it is a program's call: it asks nothing that the user's caps and limits do not demand, and gives the ids of
     * the jobs. Several recipes may be selected in the Explorer.
     */
    renderRecipe: async (first?: unknown, second?: unknown): Promise<readonly string[] | undefined> => {
      if (isOptions(second)) {
        const path = await chosen(first);
        const options = parseOptions(renderSchema, second);
        return path === undefined ? [] : (await recipes.render(await saved(path), options)).jobs;
      }
      const selected = Array.isArray(second) ? second.filter((uri) => uri instanceof vscode.Uri) : [];
      const paths = (await Promise.all((selected.length > 1 ? selected : [first]).map(chosen))).filter(
        (path) => path !== undefined,
      );
      if (paths.length > 1) {
        await Promise.all(paths.map(saved));
        await tellBuild(await recipes.build.renderThese(paths), () => jobsView.show());
        return undefined;
      }
      for (const path of paths) {
        await offerTake(path, async (options) => recipes.renderForUser(await saved(path), options));
      }
      return undefined;
    },

    /** Renders more takes of a recipe, each with a seed of its own. */
    renderTakes: async (first?: unknown): Promise<void> => {
      const path = await chosen(first);
      const takes = path === undefined ? undefined : await askTakes();
      if (path !== undefined && takes !== undefined) {
        await tellBuild(await recipes.build.renderTakes(await saved(path), takes), () => jobsView.show());
      }
    },

    /** Lets another take count: the one with this file, as the recipe names it, or the one that the user chooses. */
    useTake: async (first?: unknown, file?: unknown): Promise<void> => {
      const path = await chosen(first);
      if (path !== undefined) {
        await (typeof file === "string" ? recipes.takes.use(path, { file }) : recipes.takes.choose(path));
      }
    },

    /** Moves the videos of the takes that do not count to the trash, after asking. */
    tidyTakes: async (first?: unknown): Promise<void> => {
      const path = await chosen(first);
      if (path !== undefined) {
        await recipes.takes.tidy(path);
      }
    },

    /** What would be rendered and why; nothing is sent. Without a folder, of the whole workspace. */
    planRecipes: (folder?: unknown): Promise<readonly PlannedRecipe[]> => recipes.build.list(folderOf(folder)),

    /** Without options it is a user's call, who is asked once and told what became of it. */
    renderStale: async (folder?: unknown, options?: unknown): Promise<BuildResult | undefined> => {
      const isProgram = isOptions(options);
      const { confirm = true } = isProgram ? parseOptions(staleSchema, options) : {};
      await vscode.workspace.saveAll(false);
      const dirty = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && isRecipe(uri.path));
      if (dirty !== undefined) {
        throw new ProblemError({ code: "recipeLocked", path: dirty.uri.fsPath });
      }
      const result = await recipes.build.renderStale(folderOf(folder), confirm);
      if (isProgram) {
        return result;
      }
      if (result !== undefined) {
        await tellBuild(result, () => jobsView.show());
      }
      return undefined;
    },

    /** Puts what a recipe says into the studio's form. */
    openInPanel: async (first?: unknown): Promise<void> => {
      const path = await chosen(first);
      if (path !== undefined) {
        const { recipe, images } = await recipes.index.fresh(await saved(path));
        if (recipe === undefined) {
          throw new ProblemError({ code: "recipeBroken", path, errors: 1 });
        }
        recipes.draft.cameFrom(path);
        const { start, end } = recipe;
        panel.show({
          ...images,
          plans: { ...(start.crop && { start: start.crop }), ...(end.crop && { end: end.crop }) },
          ...(recipe.prompt !== undefined && { prompt: recipe.prompt }),
          parameters: recipe.parameters ?? {},
        });
      }
    },

    /** Saves what is in the studio's form as a recipe, without rendering it. */
    saveRecipe: () => recipes.draft.save(),
  } satisfies Partial<Record<AppCommandId, Command>>;
}

/** Saves a recipe that is open with changes: what is rendered is what is in the file. */
async function saved(path: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === path);
  if (open !== undefined && !(await open.save())) {
    throw new ProblemError({ code: "recipeLocked", path });
  }
  return path;
}
