import type * as vscode from "vscode";
import type { WanFlf2v } from "../api/wanFlf2v.d.ts";
import type { Commands } from "./commands/index.ts";

/**
 * What the extension gives to other extensions.
 * @param load loads the application, when it is first needed
 */
export function createApi(
  load: () => Promise<{ readonly commands: Pick<Commands, "calls"> }>,
  onDidChangeJob: vscode.Event<string>,
): WanFlf2v {
  const calls = async () => (await load()).commands.calls;
  return {
    apiVersion: 1,
    renderRecipe: async (recipe, options) => (await calls()).renderRecipe(recipe, options),
    planRecipes: async (folder) => (await calls()).planRecipes(folder),
    renderStale: async (folder, options) => (await calls()).renderStale(folder, options),
    createRecipes: async (folder, options) => (await calls()).createRecipes(folder, options),
    getJob: async (id) => (await calls()).getJob(id),
    onDidChangeJob,
  };
}
