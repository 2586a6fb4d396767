import { execFile } from "node:child_process";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import ffprobe from "@ffprobe-installer/ffprobe";
import type { Canvas } from "../../unit/images/render.ts";

const run = promisify(execFile);

async function converted(input: Buffer, args: readonly string[]): Promise<Buffer> {
  const work = run(ffmpeg.path, ["-v", "error", ...args], { encoding: "buffer", maxBuffer: 2 ** 28 });
  work.child.stdin?.end(input);
  return (await work).stdout;
}

/** A canvas of three bands, or of four with alpha, as PNG. */
export function pngOf({ width, height, bands, values }: Canvas): Promise<Buffer> {
  const raw = ["-f", "rawvideo", "-pix_fmt", bands === 4 ? "rgba" : "rgb24", "-s", `${width}x${height}`, "-i", "-"];
  return converted(Buffer.from(values), [...raw, "-f", "image2pipe", "-c:v", "png", "-"]);
}

/** Red, green and blue of a PNG's pixels, row by row. */
export function pixelsOf(png: Buffer): Promise<Buffer> {
  return converted(png, ["-f", "png_pipe", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
}

/** How many frames of a video ffprobe can decode. */
export async function framesIn(video: string): Promise<number> {
  const count = ["-select_streams", "v", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"];
  const { stdout } = await run(ffprobe.path, ["-v", "error", ...count, video]);
  return Number.parseInt(stdout, 10);
}
