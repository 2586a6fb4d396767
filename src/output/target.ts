import { constants } from "node:fs";
import { access, lstat, readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { folderProblem } from "../files/durable.ts";
import { codeOf } from "../shared/errors.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { videoStem } from "../shared/video/fileNames.ts";

/** Where a video goes and what it is called. */
export interface Target {
  /** Absolute. */
  readonly folder: string;
  /** Absolute folder of the project, where there is one. */
  readonly workspace: string | undefined;
  /** File name template (`output/naming.ts`). */
  readonly fileName: string;
}

/**
 * Checks, before anything is paid, that a video can be saved into a folder, which need not exist yet. It writes nothing: a
 * test file would flash up in the explorer, and a volume that refuses later loses nothing.
 * @returns the folder itself, or the nearest existing one above it.
 * @throws {ProblemError} `folderUnusable`.
 */
export async function checkWritable(folder: string): Promise<string> {
  const root = await nearestExisting(folder);
  try {
    await access(root, constants.W_OK | constants.X_OK);
    return root;
  } catch (error) {
    throw folderProblem(error, folder);
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    try {
      if ((await stat(candidate)).isDirectory()) {
        return candidate;
      }
      throw new ProblemError({ code: "folderUnusable", path: candidate, reason: "notAFolder" });
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || candidate === dirname(candidate)) {
        throw folderProblem(error, folder);
      }
      if (await isThere(candidate)) {
        // A dangling link: no folder can be created in its place or below it.
        throw new ProblemError({ code: "folderUnusable", path: candidate, reason: "missing" });
      }
    }
  }
}

/** True if anything of this name exists, even a dangling link. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The names, without extension, that videos and recipes have taken in a folder (absolute); none if it cannot be read. */
export async function videoNamesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => videoStem(name) ?? []);
}
