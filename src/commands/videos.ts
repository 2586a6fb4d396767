import * as vscode from "vscode";
import { pathOf } from "../host/files.ts";
import { isVideoFile } from "../jobs/openedVideos.ts";
import { fileInFront } from "../ui/picker.ts";
import { pickVideo } from "../ui/videoPicker.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** The commands for video files and their recipes, wherever they were made. */
export function videoCommands({
  panel,
  openVideo,
  openRecipe,
}: Pick<CommandDeps, "panel" | "openVideo" | "openRecipe">) {
  /** Does it with a video or a recipe, else with the one in the active editor, or asks for one. */
  const withVideo =
    (work: (path: string) => Promise<void>) =>
    async (given?: unknown): Promise<void> => {
      const uri =
        given instanceof vscode.Uri ? given : (fileInFront(({ path }) => isVideoFile(path)) ?? (await pickVideo()));
      if (uri !== undefined) {
        await work(pathOf(uri, "host", (remote) => panel.isHere(remote)));
      }
    };
  return {
    openVideo: withVideo(openVideo),
    openRecipe: withVideo(openRecipe),
  } satisfies Partial<Record<AppCommandId, Command>>;
}
