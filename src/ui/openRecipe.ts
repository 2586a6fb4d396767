import { dirname } from "node:path";
import * as vscode from "vscode";
import { excluded, recipeGlob } from "../host/globs.ts";
import type { Job } from "../jobs/job.ts";
import { isRecipeFile } from "../jobs/openedVideos.ts";
import { findRecipe } from "../output/findRecipe.ts";
import { exists } from "../output/moveExclusively.ts";
import { recipeInVideo } from "../output/xmp.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** The most recipes of the workspace, and of the list, that are read to find the one of a video. */
const mostRead = 2000;

/**
 * Opens the recipe of a video in an editor, also of a video that was renamed or moved. A recipe is opened as it is. One that is in the
 * video alone becomes an untitled document.
 * @param path absolute, of the video or the recipe
 * @param jobs those of the list, newest first: they know recipes outside the workspace
 * @throws {ProblemError} `recipeUnknown`, or `videoMissing` if the video is gone, too.
 */
export async function openRecipe(path: string, jobs: readonly Job[]): Promise<void> {
  const recipe = isRecipeFile(path)
    ? path
    : await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Looking for the recipe…") },
        () => findRecipe(path, () => recipesFor(path, jobs)),
      );
  if (recipe === undefined) {
    const content = await recipeInVideo(path).catch(() => undefined);
    if (content !== undefined) {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "json", content }));
      return;
    }
    throw new ProblemError({ code: (await exists(path)) ? "recipeUnknown" : "videoMissing", path });
  }
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(recipe));
}

/** The recipes of the list and of the workspace, those in the video's folder first. */
async function recipesFor(video: string, jobs: readonly Job[]): Promise<string[]> {
  const listed = jobs
    .flatMap(({ progress }) => (progress.state === "saved" ? [progress.recipe] : []))
    .slice(0, mostRead);
  const found = await vscode.workspace.findFiles(recipeGlob, excluded, mostRead);
  const all = [...new Set([...listed, ...found.map(({ fsPath }) => fsPath)])];
  const isBeside = (path: string) => Number(dirname(path) !== dirname(video));
  return all.sort((one, other) => isBeside(one) - isBeside(other));
}
