import { ImageError } from "./errors.ts";
import { assertDecodable } from "./limits.ts";

/** What the header of a Windows bitmap says. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

/** A decoded bitmap: rows from the top, `bands` bytes a pixel (red, green, blue and, with 4, alpha). */
export interface Bitmap extends BmpHeader {
  readonly bands: 3 | 4;
  readonly pixels: Uint8Array;
}

/**
 * Reads the header of a Windows bitmap without touching its pixels.
 * @param bytes the whole file, known by its signature to be a bitmap
 * @throws ImageError `unsupported` (run-length coding, an OS/2 header), `unreadable` (no sense or cut off), `tooLarge`
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const { width, height, masks } = parse(view(bytes));
  return { width, height, hasAlpha: masks.alpha !== 0 };
}

/**
 * Decodes a Windows bitmap: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks.
 * The image library reads no bitmaps and the packages that do read several of these wrongly.
 * @param bytes the whole file, known by its signature to be a bitmap
 * @throws ImageError as `readBmpHeader`, and `unreadable` when the pixels are cut off
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const data = view(bytes);
  const layout = parse(data);
  const { width, height, bits, masks, pixelStart, topDown, palette } = layout;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (pixelStart + rowBytes * height > data.byteLength) {
    throw new ImageError({ code: "unreadable", detail: "the bitmap's pixels are cut off" });
  }
  const bands = masks.alpha === 0 ? 3 : 4;
  const pixels = new Uint8Array(width * height * bands);
  const channels = [masks.red, masks.green, masks.blue, masks.alpha].slice(0, bands).map(channelReader);
  for (let y = 0; y < height; y++) {
    const row = pixelStart + rowBytes * (topDown ? y : height - 1 - y);
    let out = y * width * bands;
    for (let x = 0; x < width; x++) {
      const value = readPixel(data, row, x, bits);
      if (bits <= 8) {
        pixels.set(palette.subarray(value * 3, value * 3 + 3), out);
        out += 3;
      } else {
        for (const channel of channels) {
          pixels[out++] = channel(value);
        }
      }
    }
  }
  return { width, height, hasAlpha: bands === 4, bands, pixels };
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
  assertDecodable(width, height);
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
  };
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

/** Always a full palette, so that an index past the stored colours reads as black instead of as garbage. */
function readPalette(data: DataView, bits: number, start: number): Uint8Array {
  const stored = data.getUint32(46, true);
  const palette = new Uint8Array(3 * 2 ** bits);
  const colours = stored === 0 ? 2 ** bits : Math.min(stored, 2 ** bits);
  for (let i = 0; i < colours; i++) {
    for (let band = 0; band < 3; band++) {
      palette[i * 3 + band] = data.getUint8(start + i * 4 + 2 - band);
    }
  }
  return palette;
}

function readPixel(data: DataView, row: number, x: number, bits: number): number {
  switch (bits) {
    case 32:
      return data.getUint32(row + x * 4, true);
    case 24:
      return data.getUint16(row + x * 3, true) | (data.getUint8(row + x * 3 + 2) << 16);
    case 16:
      return data.getUint16(row + x * 2, true);
    case 8:
      return data.getUint8(row + x);
    default: {
      const perByte = 8 / bits;
      const shift = (perByte - 1 - (x % perByte)) * bits;
      return (data.getUint8(row + Math.floor(x / perByte)) >> shift) & (2 ** bits - 1);
    }
  }
}

/** Takes one channel out of a pixel and stretches it to 0..255. */
function channelReader(mask: number): (value: number) => number {
  if (mask === 0) {
    return () => 0;
  }
  const shift = 31 - Math.clz32(mask & -mask);
  const full = mask >>> shift;
  return full === 255
    ? (value) => (value >>> shift) & 255
    : (value) => Math.round((((value & mask) >>> shift) * 255) / full);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
