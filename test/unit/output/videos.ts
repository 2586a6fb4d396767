import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";

/** A folder for the files of one test file, removed at its end. */
export const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-output-"));
after(() => rm(folder, { recursive: true, force: true }));

/** A path in that folder. */
export const at = (name: string) => join(folder, name);

/** Runs ffmpeg and gives the path of what it wrote. */
export async function make(name: string, ...args: string[]): Promise<string> {
  await promisify(execFile)(ffmpeg.path, ["-v", "error", "-y", ...args, at(name)]);
  return at(name);
}

/** Source of a moving test picture. */
export const moving = (frames: number, fps: number, size = "64x48") => [
  "-f",
  "lavfi",
  "-i",
  `testsrc=size=${size}:rate=${fps}`,
  "-frames:v",
  String(frames),
];
export const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/** Bytes of a small real MP4, 81 frames at 16 a second. */
export async function smallVideo(): Promise<Buffer> {
  return readFile(await make("small.mp4", ...moving(81, 16), ...h264, "-movflags", "+faststart"));
}
