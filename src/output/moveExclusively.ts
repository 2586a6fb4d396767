import { createHash } from "node:crypto";
import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { flush, untilReleased } from "../files/durable.ts";
import { NotPlain, piecesOf } from "../files/plain.ts";
import { codeOf } from "../shared/errors.ts";
import type { SaveCheckpoint } from "./checkpoint.ts";

/** Bytes of the longest video that the settings let in: no longer file was ever written here. */
const longestVideo = 10_000 * 1024 * 1024;

/** SHA-256 of a video's bytes, hex; undefined for what is no video of ours: no plain file, too long a one, one that is being written. */
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

/** Tells a file from any other, also of the same content; it keeps that when it gets its final name. */
export async function identityOf(path: string): Promise<string> {
  const { ino, mtimeNs } = await lstat(path, { bigint: true });
  return `${ino}-${mtimeNs}`;
}

/** True when something of that name is there, be it a dangling link. */
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
 * Removes the empty file that `moveExclusively` claims a name with where there are no hard links, and that an
 * interruption left. For names only that an unfinished job has noted down as its own.
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
 * Gives a finished file its final name without ever replacing another one: a hard link fails when the name is taken,
 * also where upper and lower case are one. On volumes without hard links the name is claimed first.
 * @param checkpoint called between the steps.
 * @returns false when the name is taken; the file is then where it was.
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
        // Over NFS the answer to a link that was made can get lost: the one that repeats it is then told that it exists.
        if (!(await isSameFile(from, to))) {
          return false;
        }
        break;
      case "ENOENT":
        throw error;
      default:
        // Systems have many codes for "no hard links here"; whatever else is wrong, the other way meets it too.
        if (!(await claimAndRename(from, to, checkpoint))) {
          return false;
        }
        await flush(dirname(to));
        return true;
    }
  }
  checkpoint("linked");
  // The file has its name. Something that holds the temporary one, such as a virus scanner, cannot undo that.
  await untilReleased(() => unlink(from)).catch(() => undefined);
  checkpoint("unlinked");
  await flush(dirname(to));
  return true;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path, { bigint: true })));
  // Where there are no inodes, all are alike.
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
    // Where the file is gone, another window goes on with it, and the name may be its by now.
    if (await exists(from)) {
      await unlink(to);
    }
    throw error;
  }
  checkpoint("renamed");
  return true;
}
