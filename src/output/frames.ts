import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { folderProblem } from "../files/durable.ts";
import { readPlain } from "../files/plain.ts";
import { firstFree, numbered } from "./firstFree.ts";
import { moveExclusively } from "./moveExclusively.ts";

/**
 * The path of a frame's picture beside its video: `clip.mp4`, frame 40 gives `clip-frame-0040.png`. `frame` counts from 1,
 * as the player does.
 * @param nth counts the different pictures of the same frame, from 1 on.
 */
function framePath(video: string, frame: number, nth: number): string {
  const stem = video.slice(0, video.length - extname(video).length);
  return `${numbered(`${stem}-frame-${String(frame).padStart(4, "0")}`, nth)}.png`;
}

/**
 * Saves a frame as PNG beside its video and never replaces a file. If the name is taken by this very picture, it gives that
 * file's path; if by another one, the name gets a number.
 * @returns the absolute path.
 * @throws {ProblemError} `folderUnusable`.
 */
export async function saveFrame(video: string, frame: number, png: Uint8Array): Promise<string> {
  const folder = dirname(video);
  const temporary = join(folder, `.${randomUUID().slice(0, 8)}.frame.part`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(png);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await firstFree(folder, async (nth) => {
      const path = framePath(video, frame, nth);
      const isThere = (await moveExclusively(temporary, path, () => undefined)) || (await holds(path, png));
      return isThere ? path : undefined;
    });
  } catch (error) {
    throw folderProblem(error, folder);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** True if a file consists of exactly these bytes. */
async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await readPlain(path, bytes.byteLength).catch(() => undefined);
  return there !== undefined && Buffer.compare(there, bytes) === 0;
}
