import { ImageError } from "./errors.ts";
import type { ImageFormat } from "./signature.ts";

/** The longest edge that is decoded, in pixels. */
const MAX_EDGE = 16_384;

/**
 * The most pixels that are decoded, by kind: what the image library's 2 GB do for in every framing. It reads some kinds
 * row by row, others only whole.
 */
const MAX_PIXELS: Readonly<Record<ImageFormat, number>> = {
  png: 200_000_000,
  jpeg: 200_000_000,
  tiff: 200_000_000,
  gif: 200_000_000,
  webp: 100_000_000,
  bmp: 100_000_000,
  avif: 64_200_000,
};

/** Of an AVIF with more than 8 bits, whose planes and pixels are twice as large. */
const MAX_DEEP_AVIF_PIXELS = 40_000_000;

/** The largest file that is read into memory, in bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Refuses a decompression bomb by the size its header claims.
 * @param isDeep it has more than 8 bits a channel
 * @throws ImageError `tooLarge` with the claimed size and the most pixels of this kind
 */
export function assertDecodable(width: number, height: number, format: ImageFormat, isDeep = false): void {
  const maxPixels = isDeep && format === "avif" ? MAX_DEEP_AVIF_PIXELS : MAX_PIXELS[format];
  if (width > MAX_EDGE || height > MAX_EDGE || width * height > maxPixels) {
    throw new ImageError({ code: "tooLarge", width, height, maxPixels });
  }
}
