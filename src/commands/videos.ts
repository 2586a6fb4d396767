import * as vscode from "vscode";
import { pathOf } from "../host/files.ts";
import { isVideoFile } from "../jobs/openedVideos.ts";
import { fileInFront } from "../ui/picker.ts";
import { pickVideo } from "../ui/videoPicker.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** The commands for video files and their recipes, wherever they were made. */
export function videoCommands({ panel, openVideo }: Pick<CommandDeps, "panel" | "openVideo">) {
  return {
    /** Takes a video or a recipe, else the one in the active editor, or asks. */
    openVideo: async (given?: unknown): Promise<void> => {
      const uri =
        given instanceof vscode.Uri ? given : (fileInFront(({ path }) => isVideoFile(path)) ?? (await pickVideo()));
      if (uri !== undefined) {
        await openVideo(pathOf(uri, "host", (remote) => panel.isHere(remote)));
      }
    },
  } satisfies Partial<Record<AppCommandId, Command>>;
}
