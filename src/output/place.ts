import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, flush } from "./files.ts";

/** SHA-256 of a file's bytes, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
  }
  return hash.digest("hex");
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
 * Gives a finished file its final name without ever replacing another one: a hard link fails when the name is taken,
 * also where upper and lower case are one. On volumes without hard links the name is claimed first.
 * @returns false when the name is taken; the file is then where it was.
 */
export async function moveExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    await unlink(from);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") {
      return false;
    }
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL"].includes(code)) {
      throw error;
    }
    if (!(await claimAndRename(from, to))) {
      return false;
    }
  }
  await flush(dirname(to));
  return true;
}

/** Without hard links: claim the name with an empty file that must not exist yet, then rename over that claim. */
async function claimAndRename(from: string, to: string): Promise<boolean> {
  try {
    await (await open(to, "wx")).close();
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
  await rename(from, to);
  return true;
}
