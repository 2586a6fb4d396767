/**
 * How alike two pictures are, and what that says about the ends of a video. Pure: no DOM, no messages, no texts.
 * Pictures are compared by their luma (BT.709, one byte per pixel, row by row from the top left).
 */

import { type EndMeasure, identical, type Measures } from "../../../shared/messages/videos.ts";
import type { Size } from "../../../shared/model/size.ts";

/** Luma of RGBA pixels, 0..255 each. */
export function lumaOf(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const luma = new Uint8Array(rgba.length / 4);
  for (let at = 0, from = 0; at < luma.length; at++, from += 4) {
    luma[at] = 0.2126 * (rgba[from] ?? 0) + 0.7152 * (rgba[from + 1] ?? 0) + 0.0722 * (rgba[from + 2] ?? 0) + 0.5;
  }
  return luma;
}

/** Number of sums per 4×4 block of both pictures: of each picture, of all squares, and of the products. */
const sums = 4;

function rowOfBlocks(one: Uint8Array, other: Uint8Array, width: number, top: number, row: Int32Array): void {
  row.fill(0);
  const blocks = width >> 2;
  for (let y = top; y < top + 4; y++) {
    let at = y * width;
    for (let block = 0; block < blocks; block++) {
      const to = block * sums;
      let [first, second, squares, products] = [0, 0, 0, 0];
      for (let x = 0; x < 4; x++, at++) {
        const a = one[at] ?? 0;
        const b = other[at] ?? 0;
        first += a;
        second += b;
        squares += a * a + b * b;
        products += a * b;
      }
      row[to] = (row[to] ?? 0) + first;
      row[to + 1] = (row[to + 1] ?? 0) + second;
      row[to + 2] = (row[to + 2] ?? 0) + squares;
      row[to + 3] = (row[to + 3] ?? 0) + products;
    }
  }
}

/** Constants of structural similarity for sums over 64 pixels of 8 bits, as in ffmpeg's `ssim` filter. */
const c1 = Math.floor(0.01 * 0.01 * 255 * 255 * 64 + 0.5);
const c2 = Math.floor(0.03 * 0.03 * 255 * 255 * 64 * 63 + 0.5);

/**
 * Structural similarity of two pictures of the same size, at least 8×8 pixels. It is the mean over windows of 8×8
 * pixels at intervals of 4 pixels. ffmpeg's `ssim` filter computes it the same way, so anybody can check the figure. 1
 * is identical.
 */
export function ssim(one: Uint8Array, other: Uint8Array, { width, height }: Size): number {
  const blocks = width >> 2;
  const rows = height >> 2;
  let above: Int32Array = new Int32Array(blocks * sums);
  let below: Int32Array = new Int32Array(blocks * sums);
  const packed =
    width % 4 === 0 ? [one, other] : [withoutPartialBlocks(one, width), withoutPartialBlocks(other, width)];
  const [a = one, b = other] = packed;
  rowOfBlocks(a, b, blocks * 4, 0, above);
  let total = 0;
  for (let row = 1; row < rows; row++) {
    rowOfBlocks(a, b, blocks * 4, row * 4, below);
    for (let block = 0; block + 1 < blocks; block++) {
      const of = (sum: number) => {
        const at = block * sums + sum;
        return (above[at] ?? 0) + (above[at + sums] ?? 0) + (below[at] ?? 0) + (below[at + sums] ?? 0);
      };
      const [s1, s2] = [of(0), of(1)];
      const variances = of(2) * 64 - s1 * s1 - s2 * s2;
      const covariance = of(3) * 64 - s1 * s2;
      total += ((2 * s1 * s2 + c1) * (2 * covariance + c2)) / ((s1 * s1 + s2 * s2 + c1) * (variances + c2));
    }
    [above, below] = [below, above];
  }
  return total / ((blocks - 1) * (rows - 1));
}

/** A picture without the last columns, which do not fill a block. */
function withoutPartialBlocks(luma: Uint8Array, width: number): Uint8Array {
  const kept = width - (width % 4);
  const rows = luma.length / width;
  const packed = new Uint8Array(kept * rows);
  for (let row = 0; row < rows; row++) {
    packed.set(luma.subarray(row * width, row * width + kept), row * kept);
  }
  return packed;
}

/** Peak signal-to-noise ratio of two pictures of the same size, in dB; {@link identical} if they do not differ. */
export function psnr(one: Uint8Array, other: Uint8Array): number {
  let squares = 0;
  for (let at = 0; at < one.length; at++) {
    squares += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  }
  return squares === 0 ? identical : Math.min(identical, 10 * Math.log10((255 * 255 * one.length) / squares));
}

/** Both figures for two pictures of the same size. */
export function compare(one: Uint8Array, other: Uint8Array, size: Size): EndMeasure {
  return { ssim: ssim(one, other, size), psnr: psnr(one, other) };
}

/**
 * The top left corner, in image pixels, of the part of an input image that a video shows. The part is the whole image,
 * or its center if the model's grid of 8 pixels cut off a little (540 comes back as 536, `docs/service.md`, "The
 * model"). Undefined if the sizes cannot belong to the same picture.
 */
export function comparedPart(image: Size, video: Size): { x: number; y: number } | undefined {
  const fits = (from: number, to: number) => to === from || to === from - (from % 8);
  return fits(image.width, video.width) && fits(image.height, video.height)
    ? { x: (image.width - video.width) / 2, y: (image.height - video.height) / 2 }
    : undefined;
}

/** Number of frames at the end of a video that are searched for the end image. */
export const searchedFrames = 8;

/**
 * SSIM from which an end matches its image (`matches`: hardly anyone sees a difference), and from which it differs only
 * slightly (`slight`).
 */
const thresholds = { matches: 0.92, slight: 0.8 } as const;
/** SSIM by which a frame must exceed the last frame to count as the better match. */
const clearMargin = 0.01;

/** What the figures say about one end of the video. */
export type Verdict =
  | { readonly kind: "matches" }
  /** `frames`: how many frames before the end the video matches the end image best. */
  | { readonly kind: "early"; readonly frames: number }
  | { readonly kind: "slight" }
  | { readonly kind: "visible" };

function verdictOf(likeness: number): Verdict {
  return { kind: likeness >= thresholds.matches ? "matches" : likeness >= thresholds.slight ? "slight" : "visible" };
}

/** The verdict on the first frame. */
export function startVerdict(start: EndMeasure): Verdict {
  return verdictOf(start.ssim);
}

/** The verdict on the last frames, given in presentation order. Undefined if there are none. */
export function endVerdict(end: Measures["end"]): Verdict | undefined {
  const last = end?.at(-1);
  if (end === undefined || last === undefined) {
    return undefined;
  }
  const best = end.reduce((better, each, index) => (each.ssim > (end[better]?.ssim ?? 0) ? index : better), 0);
  const likeness = end[best]?.ssim ?? 0;
  const isEarly =
    last.ssim < thresholds.matches && likeness >= thresholds.slight && likeness - last.ssim >= clearMargin;
  return isEarly ? { kind: "early", frames: end.length - 1 - best } : verdictOf(last.ssim);
}
