import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes an empty folder, in memory where the system has such a place: a killed process loses nothing that it has written
 * there either, whether writes survive a power cut is not asked, and disks can be slow.
 */
export function makeScratch(prefix: string): Promise<string> {
  return mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), prefix));
}
