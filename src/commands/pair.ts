import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { type IsHere, pathOf } from "../host/files.ts";
import { imageExtensions } from "../shared/model/imageKinds.ts";
import { orderPair } from "../shared/model/pairing.ts";
import type { Side } from "../shared/model/side.ts";
import { mention } from "../ui/tell.ts";
import { PaidCalls } from "../ui/wishes.ts";
import { plain } from "../ui/words/plain.ts";
import { parseGenerate } from "./arguments.ts";
import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** Calls within this time count as one key held down, ms: keyboards start to repeat after up to a second. */
const keyRepeats = 1200;

/**
 * The commands that choose a pair, and make a video from it.
 * @param now elapsed time, ms
 */
export function pairCommands(
  { panel, picker, makeVideo }: Pick<CommandDeps, "panel" | "picker" | "makeVideo">,
  now?: () => number,
) {
  const paidCalls = new PaidCalls<string | undefined>(keyRepeats, now);
  /** Absolute path. */
  let selectedStart: string | undefined;
  const isHere: IsHere = (remote) => panel.isHere(remote);
  const fileOf = (uri: vscode.Uri): string => pathOf(uri, "host", isHere);
  const pick = async (side: Side): Promise<string | undefined> => {
    const uri = await picker.pick(side);
    return uri && fileOf(uri);
  };

  /** Menus see which file it is, and offer to deselect that one. */
  const keepStart = async (path: string | undefined): Promise<void> => {
    selectedStart = path;
    const context = (name: string, value: unknown) => vscode.commands.executeCommand("setContext", name, value);
    await context("wanFlf2v.startSelected", path !== undefined);
    await context("wanFlf2v.selectedStart", path === undefined ? [] : [path]);
  };

  return {
    /**
     * Takes two selected images, an argument object, or nothing: then it asks for both images. A call with the same argument
     * while its video is being made, or right after, makes nothing new and gives the same job's id.
     */
    generate: async (first?: unknown, second?: unknown): Promise<string | undefined> => {
      if (first !== undefined && !(first instanceof vscode.Uri)) {
        const { draft, folder } = parseGenerate(first, isHere);
        return paidCalls.once(JSON.stringify([draft, folder]), () => makeVideo(draft, folder));
      }
      const selected = uris(second);
      if (selected.length === 2) {
        const [one, other] = selected.map(fileOf);
        if (one !== undefined && other !== undefined) {
          panel.show(orderPair(one, other));
        }
        return undefined;
      }
      const start = await pick("start");
      const end = start === undefined ? undefined : await pick("end");
      if (start !== undefined && end !== undefined) {
        panel.show({ start, end });
      }
      return undefined;
    },

    selectStart: async (uri?: unknown): Promise<void> => {
      const image = uri instanceof vscode.Uri ? uri : imageInFront();
      const path = image === undefined ? await pick("start") : fileOf(image);
      if (path === undefined) {
        return;
      }
      await keepStart(path);
      mention(vscode.l10n.t("{0} is selected as the start image.", plain(basename(path))));
    },

    deselectStart: async (): Promise<void> => {
      await keepStart(undefined);
      mention(vscode.l10n.t("No start image is selected."));
    },

    generateWithSelected: async (uri?: unknown): Promise<void> => {
      const start = selectedStart ?? (await pick("start"));
      const end = uri instanceof vscode.Uri ? fileOf(uri) : start === undefined ? undefined : await pick("end");
      if (start !== undefined && end !== undefined) {
        panel.show({ start, end });
      }
    },

    openPanel: () => panel.show(),
  } satisfies Partial<Record<AppCommandId, Command>>;
}

/** The image file in the active editor, of whichever kind. */
function imageInFront(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  const ending = uri === undefined ? "" : extname(uri.path).slice(1).toLowerCase();
  return imageExtensions.some((extension) => extension === ending) ? uri : undefined;
}

function uris(value: unknown): vscode.Uri[] {
  return Array.isArray(value) ? value.filter((entry) => entry instanceof vscode.Uri) : [];
}
