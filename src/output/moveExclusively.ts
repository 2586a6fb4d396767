import { createHash } from "node:crypto";
import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { flush, untilReleased } from "../files/durable.ts";
import { NotPlain, piecesOf } from "../files/plain.ts";
import { codeOf } from "../shared/errors.ts";
import type { SaveCheckpoint } from "./checkpoint.ts";

/** Bytes of the longest video that the settings allow. We never write a longer file. */
const longestVideo = 10_000 * 1024 * 1024;

/** SHA-256 of a video's bytes, hex; undefined for no video of ours: no plain file, too long, or still being written. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const piece of piecesOf(path, longestVideo)) {
      hash.update(piece);
    }
  } catch (error) {
    if (error instanceof NotPlain) {
      return undefined;
    }
    throw error;
  }
  return hash.digest("hex");
}

/** Tells a file from any other, even of the same content. The identity survives a rename. */
export async function identityOf(path: string): Promise<string> {
  const { ino, mtimeNs } = await lstat(path, { bigint: true });
  return `${ino}-${mtimeNs}`;
}

/** True if anything of that name exists, even a dangling link. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return false;
    }
    throw error;
  }
}

/**
 * Removes the empty file by which `moveExclusively` claims a name on volumes without hard links, if an interruption has left
 * one. Only for names that an unfinished job has recorded as its own.
 */
export async function removeClaim(path: string): Promise<void> {
  if (await exists(path)) {
    const met = await lstat(path);
    if (met.isFile() && met.size === 0) {
      await unlink(path);
    }
  }
}

/**
 * Gives a finished file its final name without ever replacing another file: a hard link fails if the name is taken, even on
 * volumes that ignore case. On volumes without hard links an empty file claims the name first.
 * @param checkpoint called between the steps.
 * @returns false if the name is taken; the file then stays where it was.
 */
export async function moveExclusively(
  from: string,
  to: string,
  checkpoint: (name: SaveCheckpoint) => void,
): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    switch (codeOf(error)) {
      case "EEXIST":
        // NFS can lose the answer to a successful link. The repeated request then hears that the name exists.
        if (!(await isSameFile(from, to))) {
          return false;
        }
        break;
      case "ENOENT":
        throw error;
      default:
        // Systems have many codes for "no hard links here". Any other trouble stops the other way, too.
        if (!(await claimAndRename(from, to, checkpoint))) {
          return false;
        }
        await flush(dirname(to));
        return true;
    }
  }
  checkpoint("linked");
  // The file has its name. A program that holds the temporary file, such as a virus scanner, cannot undo that.
  await untilReleased(() => unlink(from)).catch(() => undefined);
  checkpoint("unlinked");
  await flush(dirname(to));
  return true;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path, { bigint: true })));
  // On volumes without inodes all numbers are equal.
  return a !== undefined && b !== undefined && a.ino !== 0n && a.ino === b.ino && a.dev === b.dev && a.nlink > 1n;
}

/** Without hard links: claim the name with an empty file that must not exist yet, then rename over that claim. */
async function claimAndRename(from: string, to: string, checkpoint: (name: SaveCheckpoint) => void): Promise<boolean> {
  try {
    await (await open(to, "wx")).close();
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
  checkpoint("nameClaimed");
  try {
    await untilReleased(() => rename(from, to));
  } catch (error) {
    // If the file is gone, another window continues the save, and the name may be taken by its file.
    if (await exists(from)) {
      await unlink(to);
    }
    throw error;
  }
  checkpoint("renamed");
  return true;
}
