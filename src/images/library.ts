import type Vips from "wasm-vips";

/** The loaded image library. */
export type VipsModule = typeof Vips;

/** True if a picture has this metadata field. */
export function hasField(image: Vips.Image, field: string): boolean {
  return image.getTypeof(field) !== 0;
}

/** A number in a picture's metadata; undefined if there is none. */
export function numberField(image: Vips.Image, field: string): number | undefined {
  return hasField(image, field) ? image.getInt(field) : undefined;
}

/** The library's message, for the log; undefined if an error is not the library's. */
export function vipsMessage(error: unknown): string | undefined {
  const thrown = thrownBy(error);
  return thrown?.type === "vips::Error" ? thrown.text : undefined;
}

/** True if the library's 2 GB were not enough, which only says that the picture is large. */
export function isOutOfMemory(error: unknown): boolean {
  const thrown = thrownBy(error);
  // JavaScript's own message for a buffer that cannot be allocated.
  if (error instanceof RangeError) {
    return /allocation failed/.test(error.message);
  }
  return thrown !== undefined && (/bad_alloc/.test(thrown.type) || OUT_OF_MEMORY.test(thrown.text));
}

/** As libvips itself, libjpeg, libheif, libwebp and libtiff say it. */
const OUT_OF_MEMORY =
  /out of memory|insufficient memory|memory allocation|(unable|failed|cannot|can't) to allocate|\bbad_alloc\b|no space for/i;

/** The library throws WebAssembly exceptions whose message is a pair of C++ type and text. */
function thrownBy(error: unknown): { readonly type: string; readonly text: string } | undefined {
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  // An error while cleaning up hides the one before it; Node 22 has no class for it yet.
  if ("suppressed" in error) {
    return thrownBy(error.suppressed);
  }
  if (!("message" in error) || !Array.isArray(error.message)) {
    return undefined;
  }
  const [type, text]: unknown[] = error.message;
  return { type: String(type), text: String(text).trim().replaceAll("\n", "; ") };
}

/**
 * Discards the library's warnings, which it would otherwise report as the reason when a later picture fails. It clears
 * them when it throws, and a picture of one byte makes it throw.
 */
export function forgetComplaints(vips: VipsModule): void {
  try {
    vips.Image.newFromBuffer(new Uint8Array(1)).delete();
  } catch {
    // As intended.
  }
}
