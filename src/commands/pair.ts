import { basename } from "node:path";
import * as vscode from "vscode";
import { type IsHere, pathOf } from "../host/files.ts";
import { type NamedPair, neighborPairs, orderPair, pairsByName } from "../shared/model/pairing.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import { namesText } from "../shared/texts.ts";
import { fileInFront, imagesIn, isImage, pairRow } from "../ui/picker.ts";
import { tell } from "../ui/tell.ts";
import { PaidCalls } from "../ui/wishes.ts";
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
  { panel, picker, makeVideo, samplePair }: Pick<CommandDeps, "panel" | "picker" | "makeVideo" | "samplePair">,
  now?: () => number,
) {
  const paidCalls = new PaidCalls<string | undefined>(keyRepeats, now);
  /** The pairs of the last choice that have not been opened yet. */
  let nextPairs: readonly NamedPair[] = [];
  const isHere: IsHere = (remote) => panel.isHere(remote);
  const fileOf = (uri: vscode.Uri): string => pathOf(uri, "host", isHere);
  const open = async ([pair, ...others]: readonly NamedPair[]): Promise<void> => {
    if (pair !== undefined) {
      panel.show({ start: pair.start, end: pair.end });
    }
    nextPairs = others;
    await vscode.commands.executeCommand("setContext", "wanFlf2v.hasNextPair", others.length > 0);
  };
  /** The image that a command is about: the one in the Explorer, the one in the active editor, or one that the user picks. */
  const imageFor = async (side: Side, given: unknown): Promise<string | undefined> => {
    const uri = given instanceof vscode.Uri ? given : (fileInFront(isImage) ?? (await picker.pick(side)));
    return uri && fileOf(uri);
  };
  const generatePairs = async (selection: readonly vscode.Uri[]): Promise<void> => {
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
    const images = (await imagesIn(selection.length === 0 ? folders : selection)).map(fileOf);
    const named = pairsByName(images);
    // Images that the user selected one by one belong together, whatever they are called.
    const pairs = named.length === 0 && selection.every(isImage) ? neighborPairs(images) : named;
    const chosen = pairs.length > 1 ? await choosePair(pairs) : pairs[0];
    if (chosen !== undefined) {
      await open(pairs.slice(pairs.indexOf(chosen)));
      tellSingles(selection, pairs);
    } else if (pairs.length === 0) {
      void tell(
        "info",
        vscode.l10n.t(
          "No pairs found. Images make a pair if their names differ by a word such as “start” or “end”, for example {0} and {1}.",
          "hero_start.png",
          "hero_end.png",
        ),
      );
    }
  };

  return {
    /**
     * Takes selected images or folders, an argument object, or nothing: then it asks for both images. A call with the same argument
     * while its video is being made, or right after, makes nothing new and gives the same job's id.
     */
    generate: async (first?: unknown, second?: unknown): Promise<string | undefined> => {
      if (first !== undefined && !(first instanceof vscode.Uri)) {
        const { draft, folder } = parseGenerate(first, isHere);
        return paidCalls.once(JSON.stringify([draft, folder]), () => earlierOr(() => makeVideo(draft, { folder })));
      }
      const selected = uris(second);
      const [one, other] = selected;
      if (one !== undefined && other !== undefined && selected.length === 2 && selected.every(isImage)) {
        await open([]);
        panel.show(orderPair(fileOf(one), fileOf(other)));
      } else if (selected.length > 1) {
        await generatePairs(selected);
      } else {
        const pair = await picker.pickPair();
        if (pair !== undefined) {
          await open([]);
          panel.show({ start: fileOf(pair.start), end: fileOf(pair.end) });
        }
      }
      return undefined;
    },

    /** Takes selected images and folders, or looks through the workspace. */
    generatePairs: (first?: unknown, second?: unknown): Promise<void> =>
      generatePairs(uris(second).length > 0 ? uris(second) : uris([first])),

    nextPair: (): Promise<void> => open(nextPairs),

    useAsStart: async (uri?: unknown): Promise<void> => {
      const start = await imageFor("start", uri);
      if (start !== undefined) {
        panel.show({ start });
      }
    },

    useAsEnd: async (uri?: unknown): Promise<void> => {
      const end = await imageFor("end", uri);
      if (end !== undefined) {
        panel.show({ end });
      }
    },

    useAsLoop: async (uri?: unknown): Promise<void> => {
      const image = await imageFor("start", uri);
      if (image !== undefined) {
        panel.show({ start: image, end: image });
      }
    },

    /** Needs neither a folder nor a token: both can wait until the user generates. */
    openSample: async (): Promise<void> => {
      await open([]);
      panel.show({ ...samplePair, prompt: samplePrompt() });
    },

    openPanel: () => panel.show(),
  } satisfies Partial<Record<AppCommandId, Command>>;
}

/** What `make` gives; where the very same video is there already, the id of its job. */
async function earlierOr(make: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "alreadyRendered") {
      return error.problem.job;
    }
    throw error;
  }
}

/** What happens between the two images of the sample pair. */
function samplePrompt(): string {
  return vscode.l10n.t(
    "Dusk turns to night over the bay. The sun sets, stars come out, and the lighthouse lights its lamp. The camera stands still.",
  );
}

/** Names the images that the user selected one by one, but that are in no pair. A folder may have others. */
function tellSingles(selection: readonly vscode.Uri[], pairs: readonly NamedPair[]): void {
  const paired = new Set(pairs.flatMap(({ start, end }) => [start, end]));
  const singles = selection.filter((uri) => isImage(uri) && !paired.has(uri.fsPath));
  if (singles.length > 0) {
    const names = namesText(singles.map(({ fsPath }) => basename(fsPath)));
    void tell(
      "info",
      vscode.l10n.t({
        message: "No partner found by name, so left out: {0}",
        args: [names],
        comment: ["{0} is a list of file names"],
      }),
    );
  }
}

/** Says what was found, and lets the user choose the pair to begin with. */
async function choosePair(pairs: readonly NamedPair[]): Promise<NamedPair | undefined> {
  const items = pairs.map((pair) => ({ ...pairRow(pair), pair }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("{0} Pairs Found", pairs.length),
    placeHolder: vscode.l10n.t("Choose the first pair. Use Next Pair in the editor title for the others."),
    matchOnDescription: true,
  });
  return chosen?.pair;
}

function uris(value: unknown): vscode.Uri[] {
  return Array.isArray(value) ? value.filter((entry) => entry instanceof vscode.Uri) : [];
}
