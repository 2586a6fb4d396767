import { type NamedPair, neighborPairs, pairName, pairsByName } from "../shared/model/pairing.ts";
import { lastSegment } from "../shared/model/path.ts";
import { newRecipe } from "./edit.ts";
import type { RecipeFile } from "./file.ts";
import { fromRecipe, fromWorkspace } from "./paths.ts";
import type { TableRow } from "./table.ts";

/** How the images of a folder belong together: by words in their names, or each numbered one with the next. */
export type PairingWay = "pairs" | "chain";

/** Pairs of images, and the images that are in none. Paths. */
export interface Pairing {
  readonly pairs: readonly NamedPair[];
  readonly unmatched: readonly string[];
}

/** Pairs images by our naming rules. A chain is of images in one folder whose names differ only by their last number. */
export function pairImages(paths: readonly string[], way: PairingWay): Pairing {
  const pairs = way === "pairs" ? pairsByName(paths) : chains(paths).flatMap((chain) => neighborPairs(chain));
  const matched = new Set(pairs.flatMap(({ start, end }) => [start, end]));
  return { pairs, unmatched: [...new Set(paths)].filter((path) => !matched.has(path)) };
}

function chains(paths: readonly string[]): string[][] {
  const groups = Map.groupBy(new Set(paths), (path) => {
    const name = lastSegment(path);
    const stem = name.replace(/\.[^.]+$/, "");
    const folder = path.slice(0, path.length - name.length);
    const around = /^(.*?)\d+(\D*)$/s.exec(stem);
    return around === null ? `${path}\0` : JSON.stringify([folder, around[1]?.toLowerCase(), around[2]?.toLowerCase()]);
  });
  return [...groups.values()];
}

/** A recipe to be made. Its images are paths seen from the workspace folder, or https URLs. */
export interface RecipeSource {
  /** What its file is to be called, without ending. */
  readonly name: string;
  readonly start: string;
  readonly end: string;
  /** What the template has counts where nothing is said. */
  readonly prompt?: string | undefined;
  readonly parameters?: RecipeFile["parameters"];
}

/** The rows of a table in `folder`, as recipes to be made. */
export function sourcesOf(rows: readonly TableRow[], folder: string): RecipeSource[] {
  return rows.map(({ start, end, prompt, parameters }) => ({
    name: pairName(stemOf(start), stemOf(end)),
    start: isAddress(start) ? start : (fromWorkspace(start, folder) ?? start),
    end: isAddress(end) ? end : (fromWorkspace(end, folder) ?? end),
    prompt,
    parameters,
  }));
}

export interface BatchOptions {
  /** Where the recipes go, as seen from the workspace folder, with `/`. */
  readonly folder: string;
  /** Its prompt and parameters count where a source says nothing of its own; its crops count for every pair. */
  readonly template?: RecipeFile | undefined;
  /** A text as a file name without ending, safe on every system. */
  readonly safeName: (text: string) => string;
  /** True for the name of a file that is in the folder. */
  readonly isTaken: (name: string) => boolean;
}

/** A recipe's file to be written. */
export interface RecipeToWrite {
  /** With its ending. No two are equal, whatever a file system makes of case and Unicode form, and none is taken. */
  readonly name: string;
  readonly text: string;
}

/** The recipes of a batch, in the order of their sources. A prompt that nobody said is empty, which the recipe then tells. */
export function recipesOf(sources: readonly RecipeSource[], options: BatchOptions): RecipeToWrite[] {
  const { folder, template, safeName, isTaken } = options;
  const given = new Set<string>();
  const free = (stem: string): string => {
    for (let nth = 1; ; nth += 1) {
      const name = `${nth === 1 ? stem : `${stem}-${nth}`}.flf.json`;
      const plain = name.normalize("NFC").toLowerCase();
      if (!given.has(plain) && !isTaken(name)) {
        given.add(plain);
        return name;
      }
    }
  };
  return sources.map(({ name, start, end, prompt, parameters }) => {
    const image = (source: string, crop: RecipeFile["start"]["crop"]) =>
      isAddress(source) ? { url: source } : { path: fromRecipe(source, folder), crop };
    const text = newRecipe({
      start: image(start, template?.start.crop),
      end: image(end, template?.end.crop),
      prompt: prompt ?? template?.prompt ?? "",
      parameters: { ...template?.parameters, ...parameters },
    });
    return { name: free(safeName(name)), text };
  });
}

function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

function stemOf(source: string): string {
  const path = isAddress(source) ? (URL.parse(source)?.pathname ?? source) : source;
  return lastSegment(path).replace(/\.[^.]+$/, "");
}
