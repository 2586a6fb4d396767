import type { Size } from "../shared/model/size.ts";
import { ImageError } from "./errors.ts";
import { assertDecodable } from "./limits.ts";

/** A decoded bitmap: rows from the top, `bands` bytes per pixel (red, green, blue and, with 4, alpha). */
interface Bitmap extends Size {
  readonly bands: 3 | 4;
  readonly pixels: Uint8Array;
  /** The bytes of its color profile, if it has one. */
  readonly profile?: Uint8Array;
}

/**
 * Reads the size of a Windows bitmap, in pixels, from its header.
 * @param bytes the whole file, known by its signature to be a bitmap
 * @throws ImageError `unsupported` (run-length coding, an OS/2 header), `unreadable` (makes no sense or is cut off),
 * `tooLarge`
 */
export function readBmpSize(bytes: Uint8Array): Size {
  const { width, height } = parse(view(bytes));
  return { width, height };
}

/**
 * Decodes a Windows bitmap: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks.
 * The image library reads no bitmaps and the packages that do read several of these wrongly.
 * @param bytes the whole file, known by its signature to be a bitmap
 * @throws ImageError as `readBmpSize`, and `unreadable` when the pixels are cut off
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const data = view(bytes);
  const layout = parse(data);
  const { width, height, bits, masks, pixelStart, topDown } = layout;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (pixelStart + rowBytes * height > data.byteLength) {
    throw new ImageError({ code: "unreadable", detail: "the bitmap's pixels are cut off" });
  }
  const bands = masks.alpha === 0 ? 3 : 4;
  const pixels = new Uint8Array(width * height * bands);
  const readRow = bits <= 8 ? paletteRow(layout) : masksRow(layout, bands);
  for (let y = 0; y < height; y++) {
    const start = pixelStart + rowBytes * (topDown ? y : height - 1 - y);
    readRow(bytes.subarray(start, start + rowBytes), pixels.subarray(y * width * bands, (y + 1) * width * bands));
  }
  const { profile } = layout;
  return { width, height, bands, pixels, ...(profile && { profile }) };
}

/** Turns a stored row into one of `bands` bytes per pixel. */
type ReadRow = (row: Uint8Array, out: Uint8Array) => void;

function paletteRow({ width, bits, palette }: Layout): ReadRow {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (row, out) => {
    for (let x = 0, at = 0; x < width; x++) {
      const byte = row[(x / perByte) | 0] ?? 0;
      const color = ((byte >> ((perByte - 1 - (x % perByte)) * bits)) & mask) * 3;
      out[at++] = palette[color] ?? 0;
      out[at++] = palette[color + 1] ?? 0;
      out[at++] = palette[color + 2] ?? 0;
    }
  };
}

function masksRow({ width, bits, masks }: Layout, bands: 3 | 4): ReadRow {
  const stored = bits / 8;
  const channels = [masks.red, masks.green, masks.blue, masks.alpha].slice(0, bands).map(channelOf);
  return (row, out) => {
    for (const [band, { shift, full, levels }] of channels.entries()) {
      for (let x = 0, at = 0, to = band; x < width; x++, at += stored, to += bands) {
        const low = (row[at] ?? 0) | ((row[at + 1] ?? 0) << 8);
        const value =
          stored === 2 ? low : low | ((row[at + 2] ?? 0) << 16) | (stored === 4 ? (row[at + 3] ?? 0) << 24 : 0);
        const part = (value >>> shift) & full;
        out[to] = levels === undefined ? Math.round((part * 255) / full) : (levels[part] ?? 0);
      }
    }
  };
}

/** Where one channel of a pixel lies; `full` is its largest value, `levels` what each of few values is in 0..255. */
function channelOf(mask: number): { shift: number; full: number; levels: Uint8Array | undefined } {
  if (mask === 0) {
    return { shift: 0, full: 0, levels: new Uint8Array(1) };
  }
  const shift = 31 - Math.clz32(mask & -mask);
  const full = mask >>> shift;
  const levels =
    full < 65_536 ? Uint8Array.from({ length: full + 1 }, (_, i) => Math.round((i * 255) / full)) : undefined;
  return { shift, full, levels };
}

interface Masks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly masks: Masks;
  readonly palette: Uint8Array;
  readonly pixelStart: number;
  readonly profile: Uint8Array | undefined;
}

const FILE_HEADER = 14;
const BITFIELDS = 3;

function parse(data: DataView): Layout {
  try {
    return parseLayout(data);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ImageError({ code: "unreadable", detail: "the bitmap's header is cut off" });
    }
    throw error;
  }
}

function parseLayout(data: DataView): Layout {
  const pixelStart = data.getUint32(10, true);
  const headerBytes = data.getUint32(FILE_HEADER, true);
  if (headerBytes < 40) {
    throw new ImageError({ code: "unsupported", detail: "OS/2 bitmap" });
  }
  const width = data.getInt32(18, true);
  const signedHeight = data.getInt32(22, true);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) {
    throw new ImageError({ code: "unreadable", detail: `a bitmap of ${width}x${signedHeight} pixels` });
  }
  assertDecodable(width, height, "bmp");
  const bits = data.getUint16(28, true);
  const compression = data.getUint32(30, true);
  const usable = compression === 0 ? [1, 4, 8, 16, 24, 32] : compression === BITFIELDS ? [16, 32] : [];
  if (!usable.includes(bits)) {
    throw new ImageError({ code: "unsupported", detail: `bitmap of ${bits} bits, compression ${compression}` });
  }
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    masks: readMasks(data, bits, compression, headerBytes),
    palette: bits <= 8 ? readPalette(data, bits, FILE_HEADER + headerBytes) : new Uint8Array(),
    pixelStart,
    profile: headerBytes >= 124 ? readProfile(data) : undefined,
  };
}

/** The profile of a bitmap with the header of version 5 (`bV5CSType` is "MBED"). */
function readProfile(data: DataView): Uint8Array | undefined {
  const [start, length] = [FILE_HEADER + data.getUint32(126, true), data.getUint32(130, true)];
  const isWhole = data.getUint32(70, true) === 0x4d424544 && length > 0 && start + length <= data.byteLength;
  return isWhole ? new Uint8Array(data.buffer, data.byteOffset + start, length) : undefined;
}

function readMasks(data: DataView, bits: number, compression: number, headerBytes: number): Masks {
  if (compression === BITFIELDS) {
    return {
      red: data.getUint32(54, true),
      green: data.getUint32(58, true),
      blue: data.getUint32(62, true),
      alpha: headerBytes >= 56 ? data.getUint32(66, true) : 0,
    };
  }
  return bits === 16
    ? { red: 0x7c00, green: 0x03e0, blue: 0x001f, alpha: 0 }
    : { red: 0xff0000, green: 0x00ff00, blue: 0x0000ff, alpha: 0 };
}

/** Always a full palette, so that an index past the stored colors reads as black, not as garbage. */
function readPalette(data: DataView, bits: number, start: number): Uint8Array {
  const stored = data.getUint32(46, true);
  const palette = new Uint8Array(3 * 2 ** bits);
  const colors = stored === 0 ? 2 ** bits : Math.min(stored, 2 ** bits);
  for (let i = 0; i < colors; i++) {
    for (let band = 0; band < 3; band++) {
      palette[i * 3 + band] = data.getUint8(start + i * 4 + 2 - band);
    }
  }
  return palette;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
