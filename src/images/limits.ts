import { ImageError } from "./errors.ts";

/** The longest edge that is decoded, in pixels. */
export const MAX_EDGE = 16_384;

/** The most pixels that are decoded; past that the decoder's memory would not do. */
export const MAX_PIXELS = 200_000_000;

/** The largest file that is read into memory, in bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Refuses a decompression bomb by the size its header claims.
 * @throws ImageError `tooLarge` with the claimed size
 */
export function assertDecodable(width: number, height: number): void {
  if (width > MAX_EDGE || height > MAX_EDGE || width * height > MAX_PIXELS) {
    throw new ImageError({ code: "tooLarge", width, height });
  }
}
