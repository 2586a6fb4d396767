import { statfsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
/** More than all tests together write, bytes. A container's memory folder can be as small as 64 MB. */
const room = 4 * 1024 ** 3;

/**
 * Makes an empty folder, in memory where the system has such a place: a killed process loses nothing that it has written
 * there either, whether writes survive a power cut is not asked, and disks can be slow.
 */
export function makeScratch(prefix: string): Promise<string> {
  return mkdtemp(join(isRoomy(memory) ? memory : tmpdir(), prefix));
}

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > room;
  } catch {
    return false;
  }
}
