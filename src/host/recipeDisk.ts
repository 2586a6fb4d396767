import { createHash } from "node:crypto";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { NotPlain, piecesOf } from "../files/plain.ts";
import type { ImageFacts } from "../recipes/fingerprint.ts";
import type { WorkspaceFiles } from "../recipes/paths.ts";
import { longestRecipe } from "../recipes/text.ts";
import { codeOf } from "../shared/errors.ts";
import { MAX_FILE_BYTES } from "../shared/model/imageKinds.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Size } from "../shared/model/size.ts";

// What the index of recipes reads from disk. All paths are absolute.

/** UTF-8 has at most three bytes for each UTF-16 unit. */
const mostBytes = 3 * (longestRecipe + 2);

/**
 * The text of a recipe, without a byte order mark; of one that is too long, a part that is too long as well. Undefined if there is
 * no such file. What else the file system says is thrown.
 */
export async function recipeTextAt(path: string): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of piecesOf(path, Number.POSITIVE_INFINITY)) {
      pieces.push(Uint8Array.from(piece));
      length += piece.byteLength;
      if (length > mostBytes) {
        break;
      }
    }
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error)) || error instanceof NotPlain) {
      return undefined;
    }
    throw error;
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

/** Another text as soon as a file's content may be another; undefined if there is no such plain file. */
export async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.mtimeNs} ${found.size} ${found.ino}` : undefined;
}

/** True for a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** The files of a workspace folder, for paths relative to it with `/`. Links that lead out of it are not followed. */
export function filesIn(root: string): WorkspaceFiles {
  let top: Promise<string> | undefined;
  const isInside = async (path: string): Promise<boolean> => {
    top ??= realpath(root);
    const [real, start] = await Promise.all([realpath(join(root, path)), top]).catch(() => ["", "?"] as const);
    return real.startsWith(start.endsWith(sep) ? start : start + sep) || real === start;
  };
  return {
    exists: isInside,
    list: async (folder) => ((await isInside(folder)) ? readdir(join(root, folder)).catch(() => undefined) : undefined),
  };
}

/** SHA-256 of a file's bytes, hex. What the file system says is thrown. */
async function hashOf(path: string, most: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of piecesOf(path, most)) {
    hash.update(piece);
  }
  return hash.digest("hex");
}

/**
 * The facts of a file that a recipe names. Only images have a size.
 * @param sizeOf an image's size with the orientation applied; throws {@link ProblemError}
 * @throws {ProblemError} why an image cannot be used
 */
export async function factsOf(path: string, sizeOf: (path: string) => Promise<Size>): Promise<ImageFacts> {
  if (/\.(mp4|webm|mov|mkv)$/i.test(path)) {
    return { sha256: await hashOf(path, Number.POSITIVE_INFINITY) };
  }
  try {
    // What is no image need not be read to its end.
    const size = await sizeOf(path);
    return { sha256: await hashOf(path, MAX_FILE_BYTES), size };
  } catch (error) {
    if (error instanceof NotPlain || codeOf(error) !== "") {
      throw new ProblemError({ code: "imageUnreadable", path }, { cause: error });
    }
    throw error;
  }
}
