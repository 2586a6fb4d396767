import { dirname } from "node:path";
import { nameOf } from "./facts.ts";
import type { Job } from "./job.ts";

// What tells videos of the same name apart.

/** A folder this deep is told in full: its parts are too many to compare. */
const deepest = 32;

/**
 * The folders of videos whose name is also that of a video in another folder, by their jobs' ids: of each folder the shortest part
 * that none of the others has, as VS Code shortens them in the titles of tabs (`…/clips`).
 * @param shown a folder's path as people write it
 */
export function tellingFolders(jobs: readonly Job[], shown: (folder: string) => string): ReadonlyMap<string, string> {
  const telling = new Map<string, string>();
  for (const namesakes of Map.groupBy(jobs, nameOf).values()) {
    const folders = namesakes.length === 1 ? [] : [...new Set(namesakes.map(folderOf))];
    if (folders.length > 1) {
      const parts = shortestParts(folders.map(shown));
      const byFolder = new Map(folders.map((folder, index) => [folder, parts[index] ?? folder]));
      for (const job of namesakes) {
        const folder = folderOf(job);
        telling.set(job.id, byFolder.get(folder) ?? folder);
      }
    }
  }
  return telling;
}

function folderOf({ order, progress }: Job): string {
  return progress.state === "saved" ? dirname(progress.video) : order.folder;
}

/** Of each path the shortest part that no other one has, from its end on; the whole path where there is none. */
function shortestParts(paths: readonly string[]): string[] {
  const all = paths.map(partsOf);
  const holders = new Map<string, number>();
  for (const key of all.flatMap((parts) => [...new Set(parts.flatMap(keysOf))])) {
    holders.set(key, (holders.get(key) ?? 0) + 1);
  }
  return paths.map((path, index) => {
    const only = all[index]?.find((part) => holders.get(keysOf(part).at(-1) ?? "") === 1);
    return only === undefined ? path : `${only.isBegin ? "" : "…/"}${only.text}${only.isEnd ? "" : "/…"}`;
  });
}

interface Part {
  readonly text: string;
  readonly isBegin: boolean;
  readonly isEnd: boolean;
}

/** What a part is found by. The end of a path is compared with the ends of the others alone. */
function keysOf({ text, isEnd }: Part): string[] {
  return isEnd ? [`part ${text}`, `end ${text}`] : [`part ${text}`];
}

/** The parts of a path, the shortest first, and of those the last one. */
function partsOf(path: string): Part[] {
  const segments = path.split(/[\\/]/);
  const parts: Part[] = [];
  for (let length = 1; length <= segments.length && segments.length <= deepest; length += 1) {
    for (let from = segments.length - length; from >= 0; from -= 1) {
      const text = segments.slice(from, from + length).join("/");
      if (text !== "") {
        parts.push({ text, isBegin: from === 0, isEnd: from + length === segments.length });
      }
    }
  }
  return parts;
}
