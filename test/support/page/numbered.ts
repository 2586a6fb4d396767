/** Videos whose frames carry their own number, to be read back from any picture of them. */
import { join } from "node:path";
import { runFfmpeg } from "../service/ffmpeg.ts";

/** Width of one bar and number of bars: the bits of the frame's number from 0, the highest on the left. */
export const bar = { width: 32, bits: 8, height: 64 } as const;
const size = { width: 320, height: 192 } as const;

/**
 * Makes an H.264 MP4 with B-frames and one key frame, as the service's saver does: each frame shows its number from 0 in
 * binary, white bars for ones, over a moving picture that keeps the encoder busy.
 */
export async function numberedVideo(folder: string, frames: number, fps: number): Promise<string> {
  const file = join(folder, `numbered-${frames}-${fps}.mp4`);
  const pictures = Array.from({ length: frames }, (_, number) => numbered(number));
  await runFfmpeg(
    [
      ...["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", `${size.width}x${size.height}`, "-r", String(fps), "-i", "-"],
      ...[
        "-c:v",
        "libx264",
        "-crf",
        "18",
        "-bf",
        "3",
        "-b_strategy",
        "0",
        "-g",
        "250",
        "-movflags",
        "+faststart",
        file,
      ],
    ],
    pictures,
    new AbortController().signal,
  );
  return file;
}

/** A frame as the encoder takes it: the brightness of its pixels, then no color. */
function numbered(number: number): Buffer {
  const pixels = Buffer.alloc(size.width * size.height * 1.5, 128);
  const across = Array.from({ length: size.width }, (_, x) => 60 * Math.sin((x + 3 * number) / 19));
  for (let y = 0; y < size.height; y++) {
    const down = Math.cos((y - 2 * number) / 23);
    for (const [x, wave] of across.entries()) {
      const isBar = y < bar.height && x < bar.width * bar.bits;
      const bit = (number >> (bar.bits - 1 - Math.floor(x / bar.width))) & 1;
      pixels[y * size.width + x] = isBar ? 16 + 219 * bit : 128 + wave * down;
    }
  }
  return pixels;
}

/** Runs in the page: the number from 0 that a canvas shows; -1 where no bar is clearly black or white. */
export function readNumber(canvas: Element): number {
  const [width, bits, height] = [32, 8, 64];
  if (!(canvas instanceof HTMLCanvasElement)) {
    return -1;
  }
  const context = new OffscreenCanvas(width * bits, height).getContext("2d", { willReadFrequently: true });
  context?.drawImage(canvas, 0, 0);
  let number = 0;
  for (let at = 0; at < bits; at++) {
    const [red = 0] = context?.getImageData(at * width + width / 2, height / 2, 1, 1).data ?? [];
    if (red > 80 && red < 175) {
      return -1;
    }
    number = number * 2 + (red > 127 ? 1 : 0);
  }
  return number;
}
