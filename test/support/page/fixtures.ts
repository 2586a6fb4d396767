import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { pageBundles } from "../../../scripts/pageBundles.ts";
import { runFfmpeg } from "../service/ffmpeg.ts";

/** What the page is served with. */
export interface BuiltPage {
  readonly script: string;
  /** What the script loads on demand. */
  readonly frames: string;
  readonly style: string;
  readonly icons: string;
  readonly font: Buffer;
}

/** The page's bundle, made as the product's build makes it. */
export async function buildPage(): Promise<BuiltPage> {
  const built = await Promise.all(
    pageBundles.map((page) =>
      build({ bundle: true, minify: true, format: "esm", target: "es2024", write: false, logLevel: "error", ...page }),
    ),
  );
  const outputFiles = built.flatMap((each) => each.outputFiles);
  const output = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  const icons = "node_modules/@vscode/codicons/dist/codicon";
  return {
    script: output("panel.js"),
    frames: output("frames.js"),
    style: output("panel.css"),
    icons: await readFile(`${icons}.css`, "utf8"),
    font: await readFile(`${icons}.ttf`),
  };
}

/** Absolute paths of pictures and a video that the tests show. */
export interface Media {
  readonly start: string;
  readonly end: string;
  readonly portrait: string;
  readonly video: string;
}

/**
 * Makes the pictures and the video, an H.264 MP4 of the kind the service returns, in a folder. The pictures are as small
 * as the thumbnails that the product makes of them.
 */
export async function makeMedia(folder: string): Promise<Media> {
  const make = async (name: string, size: Size, pictures: readonly Buffer[], ...args: string[]) => {
    const path = join(folder, name);
    const drawn = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${size.width}x${size.height}`, "-r", "16", "-i", "-"];
    await runFfmpeg([...drawn, ...args, path], pictures, new AbortController().signal);
    return path;
  };
  const [landscape, wide, tall] = [
    { width: 400, height: 300 },
    { width: 480, height: 270 },
    { width: 180, height: 320 },
  ] as const;
  const film = { width: 180, height: 120 };
  const frames = Array.from({ length: 81 }, (_, index) => scene(film, 0.3 + (0.6 * index) / 80, day));
  const scaled = ["-vf", "scale=720:480"];
  const encoded = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-movflags", "+faststart"];
  const [start, end, portrait, video] = await Promise.all([
    make("harbour-dawn.png", landscape, [scene(landscape, 0.25, day)], "-frames:v", "1"),
    make("harbour-night.png", wide, [scene(wide, 0.95, night)], "-frames:v", "1"),
    make("tower.png", tall, [scene(tall, 0.4, day)], "-frames:v", "1"),
    make("clip.mp4", film, frames, ...scaled, ...encoded),
  ]);
  return { start, end, portrait, video };
}

/** Makes the copies of a video's images that its job keeps, in a folder: its first frame as the start, and another end. */
export async function makeCopies({ video, end }: Media, folder: string): Promise<{ start: string; end: string }> {
  const copies = { start: join(folder, "start.png"), end: join(folder, "end.png") };
  const made = ["-frames:v", "1"];
  await runFfmpeg(["-i", video, ...made, copies.start], [], new AbortController().signal);
  await runFfmpeg(["-i", end, "-vf", "scale=720:480", ...made, copies.end], [], new AbortController().signal);
  return copies;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Rgb = readonly [number, number, number];

/** Colors of the sky above and below, of the sun and of the walls. */
interface Light {
  readonly top: Rgb;
  readonly bottom: Rgb;
  readonly glow: Rgb;
  readonly wall: Rgb;
}

const day: Light = { top: [44, 74, 120], bottom: [250, 170, 110], glow: [255, 236, 190], wall: [30, 32, 48] };
const night: Light = { top: [6, 8, 26], bottom: [70, 40, 110], glow: [240, 240, 225], wall: [4, 5, 12] };

/** A skyline with a sun at a given height (0 top, 1 bottom), as RGB bytes. */
function scene({ width, height }: Size, sun: number, { top, bottom, glow, wall }: Light): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const roof = height * (0.78 - (0.2 * ((Math.floor((x * 14) / width) * 7) % 5)) / 5);
      const isSun = Math.hypot(x - width * 0.62, y - height * sun) < height * 0.11;
      for (const band of [0, 1, 2] as const) {
        const sky = top[band] + ((bottom[band] - top[band]) * y) / height;
        pixels[(y * width + x) * 3 + band] = y > roof ? wall[band] : isSun ? glow[band] : sky;
      }
    }
  }
  return pixels;
}
