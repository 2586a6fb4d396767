/** Videos whose frames carry their own number, to be read back from any picture of them. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";

const run = promisify(execFile);

/** Width of one bar and number of bars: the bits of the frame's number from 0, the highest on the left. */
export const bar = { width: 32, bits: 8, height: 64 } as const;
const size = { width: 320, height: 192 } as const;

/**
 * Makes an H.264 MP4 with B-frames and one key frame, as the service's saver does: each frame shows its number from 0 in
 * binary, white bars for ones, over a moving picture that keeps the encoder busy.
 */
export async function numberedVideo(folder: string, frames: number, fps: number): Promise<string> {
  const file = join(folder, `numbered-${frames}-${fps}.mp4`);
  const bit = `mod(floor(N/pow(2,${bar.bits - 1}-floor(X/${bar.width}))),2)`;
  const moving = `128+60*sin((X+3*N)/19)*cos((Y-2*N)/23)`;
  const luma = `if(lt(Y,${bar.height})*lt(X,${bar.width * bar.bits}),16+219*${bit},${moving})`;
  await run(ffmpeg.path, [
    ...["-v", "error", "-y", "-f", "lavfi"],
    ...["-i", `color=s=${size.width}x${size.height}:r=${fps},format=yuv420p,geq=lum='${luma}':cb=128:cr=128`],
    ...["-frames:v", String(frames), "-c:v", "libx264", "-crf", "18", "-bf", "3", "-b_strategy", "0", "-g", "250"],
    ...["-pix_fmt", "yuv420p", "-movflags", "+faststart", file],
  ]);
  return file;
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
