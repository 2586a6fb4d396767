import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/paths.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import type { ImageType, ReceivedImage } from "./images.ts";
import { returnedSize, type Size } from "./inputs.ts";
import { burnWord, wordOpacity } from "./word.ts";

/** How the pictures between start and end come about; all but "fade" are ways in which a real render can be bad. */
export type Motion = "fade" | "cut" | "static" | "swapped" | "flash";

/** One video to make. `size` is the requested one; the picture comes back in `returnedSize(size)`. */
export type Render = {
  readonly start: ReceivedImage;
  readonly end: ReceivedImage;
  readonly size: Size;
  readonly frames: number;
  readonly fps: number;
  readonly motion: Motion;
  readonly container: "mp4" | "webm";
};

/** Raised when anything below changes what comes out, so that older cached files are not used. */
const REVISION = 1;
const CACHE = join(root, "node_modules", ".cache", "local-service");
const MAX_AT_ONCE = 2;

const DEMUXER: Readonly<Record<ImageType, string>> = {
  "image/png": "png_pipe",
  "image/jpeg": "jpeg_pipe",
  "image/webp": "webp_pipe",
};

/** One image as yuv420p in BT.709: cover and center-crop to `size`, then crop to the returned size, like the server. */
async function picture(image: ReceivedImage, size: Size, signal: AbortSignal): Promise<Buffer> {
  const out = returnedSize(size);
  const filters = [
    `scale=${size.width}:${size.height}:force_original_aspect_ratio=increase:flags=bilinear`,
    "format=rgb24",
    `crop=${size.width}:${size.height}`,
    `crop=${out.width}:${out.height}`,
    "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int",
    "format=yuv420p",
  ];
  // From a file, not from stdin: the WebP reader has to go back and forth.
  const file = join(CACHE, `${image.sha256}.${randomUUID()}.image`);
  await writeFile(file, image.bytes);
  const decode = ["-f", DEMUXER[image.type], "-i", file, "-vf", filters.join(","), "-frames:v", "1"];
  const bytes = await runFfmpeg([...decode, "-f", "rawvideo", "-"], [], signal).finally(() =>
    rm(file, { force: true }),
  );
  if (bytes.length !== (out.width * out.height * 3) / 2) throw new Error("cannot decode image");
  return bytes;
}

/** Share of the end image in frame `index`, 0..256, or "white". */
function endShare(motion: Motion, index: number, frames: number): number | "white" {
  const even = Math.round((256 * index) / (frames - 1));
  switch (motion) {
    case "fade":
      return even;
    case "cut":
      return index < frames / 2 ? 0 : 256;
    case "static":
      return 0;
    case "swapped":
      return 256 - even;
    case "flash":
      return index === Math.floor(frames / 4) ? "white" : even;
  }
}

async function* pictures(render: Render, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { width, height } = returnedSize(render.size);
  const [start, end] = await Promise.all([
    picture(render.start, render.size, signal),
    picture(render.end, render.size, signal),
  ]);
  for (let index = 0; index < render.frames; index++) {
    const share = endShare(render.motion, index, render.frames);
    const frame = Buffer.alloc(start.length, 128);
    if (share === "white") {
      frame.fill(235, 0, width * height);
    } else {
      const rest = 256 - share;
      for (let at = 0; at < frame.length; at++) {
        frame[at] = ((start[at] ?? 0) * rest + (end[at] ?? 0) * share + 128) >> 8;
      }
    }
    burnWord(frame, width, height, wordOpacity(index, render.frames));
    yield frame;
  }
}

function encoderArgs(render: Render): string[] {
  if (render.container === "webm") return ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "4M"];
  // Full quality at both ends, which are compared with the images; less in between, where nobody looks twice.
  const zones = `zones=8,${render.frames - 9},b=0.4`;
  return ["-c:v", "libx264", "-preset", "superfast", "-crf", "14", "-x264-params", zones, "-movflags", "+faststart"];
}

async function encode(render: Render, file: string, signal: AbortSignal): Promise<void> {
  const { width, height } = returnedSize(render.size);
  const raw = [
    "-f",
    "rawvideo",
    "-pix_fmt",
    "yuv420p",
    "-s",
    `${width}x${height}`,
    "-r",
    String(render.fps),
    "-i",
    "-",
  ];
  const color = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"];
  const args = [...raw, "-an", ...encoderArgs(render), "-pix_fmt", "yuv420p", ...color, "-f", render.container, file];
  await runFfmpeg(args, pictures(render, signal), signal);
}

function keyOf(render: Render): string {
  const { start, end, ...rest } = render;
  const text = JSON.stringify([REVISION, start.sha256, end.sha256, rest]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/**
 * Makes videos, two at a time, and keeps them: identical renders are made once per checkout, so that many jobs with the
 * same images are cheap.
 */
export class Renderer {
  readonly #signal: AbortSignal;
  readonly #made = new Map<string, Promise<Buffer>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The bytes of the video. @throws Error when an image cannot be decoded, AbortError when the service closes. */
  video(render: Render): Promise<Buffer> {
    const key = keyOf(render);
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(render, join(CACHE, `${key}.${render.container}`));
    this.#made.set(key, made);
    return made;
  }

  async #make(render: Render, file: string): Promise<Buffer> {
    const kept = await readFile(file).catch(() => undefined);
    if (kept) return kept;
    if (this.#active >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#active++;
    const partial = `${file}.${randomUUID()}.part`;
    try {
      await mkdir(CACHE, { recursive: true });
      await encode(render, partial, this.#signal);
      await rename(partial, file);
      return await readFile(file);
    } finally {
      this.#active--;
      this.#waiting.shift()?.();
      await rm(partial, { force: true });
    }
  }
}
