import type { Rect } from "../shared/model/crop.ts";
import { type ColorSpace, gammaSpace, spaceOfCodes } from "./colorSpace.ts";
import type { Picture } from "./read.ts";

/** What a file declares about its pixels that the image library ignores. */
export interface Declared {
  /** Colors other than sRGB that are defined by numbers, without a profile. */
  readonly space?: ColorSpace;
  /** True if these numbers take precedence over an embedded profile (PNG third edition, section 4.3). */
  readonly overProfile?: boolean;
  /** A gray picture whose black is 16 and whose white is 235 of 255. */
  readonly limitedGray?: boolean;
  /** The part of the canvas that the first frame fills, in pixels; the rest is transparent. */
  readonly frame?: Rect;
}

/** Reads what a file declares and the image library ignores. Anything that makes no sense is left out. */
export function readDeclared({ bytes, format }: Picture): Declared {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (format) {
      case "png":
        return pngDeclared(data);
      case "avif":
        return avifDeclared(data);
      case "gif":
        return gifDeclared(data);
      default:
        return {};
    }
  } catch (error) {
    // Cut off or nonsense: the decoder reports it in a moment.
    if (error instanceof RangeError) {
      return {};
    }
    throw error;
  }
}

/** The most chunks or boxes that are read before the pixels; real files have some dozens. */
const MOST_PARTS = 1000;

/** PNG third edition, sections 11.3.2 (color chunks) and 4.3 (their precedence). */
function pngDeclared(data: Buffer): Declared {
  const chunks = new Map<string, Buffer>();
  for (let at = 8, count = 0; count < MOST_PARTS; count++) {
    const length = data.readUInt32BE(at);
    const type = data.toString("latin1", at + 4, at + 8);
    if (type === "IDAT") {
      break;
    }
    chunks.set(type, data.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const codes = chunks.get("cICP");
  if (codes !== undefined) {
    const space = spaceOfCodes(codes.readUInt8(0), codes.readUInt8(1));
    return space === undefined ? { overProfile: true } : { space, overProfile: true };
  }
  const gamma = chunks.get("gAMA");
  if (gamma === undefined || chunks.has("iCCP") || chunks.has("sRGB")) {
    return {};
  }
  const chromaticities = chunks.get("cHRM");
  const points = chromaticities && Array.from({ length: 8 }, (_, i) => chromaticities.readUInt32BE(i * 4) / 100_000);
  const space = gammaSpace(gamma.readUInt32BE(0) / 100_000, points);
  return space === undefined ? {} : { space };
}

/** The properties of the main image (ISO/IEC 14496-12, section 12.1.5, ISO/IEC 23008-12, section 6; AV1-ISOBMFF, 2.3). */
function avifDeclared(data: Buffer): Declared {
  const meta = boxes(data, 0, data.length).find(({ type }) => type === "meta");
  if (meta === undefined) {
    return {};
  }
  const inside = boxes(data, meta.start + 4, meta.end);
  const primary = inside.find(({ type }) => type === "pitm");
  const iprp = inside.find(({ type }) => type === "iprp");
  if (primary === undefined || iprp === undefined) {
    return {};
  }
  const parts = boxes(data, iprp.start, iprp.end);
  const ipco = parts.find(({ type }) => type === "ipco");
  const ipma = parts.find(({ type }) => type === "ipma");
  if (ipco === undefined || ipma === undefined) {
    return {};
  }
  const item =
    data.readUInt8(primary.start) === 0 ? data.readUInt16BE(primary.start + 4) : data.readUInt32BE(primary.start + 4);
  const all = boxes(data, ipco.start, ipco.end);
  const own = associations(data, ipma.start, item).map((index) => all[index - 1]);
  let space: ColorSpace | undefined;
  let [limited, gray] = [false, false];
  for (const box of own) {
    if (box?.type === "colr" && data.toString("latin1", box.start, box.start + 4) === "nclx") {
      space = spaceOfCodes(data.readUInt16BE(box.start + 4), data.readUInt16BE(box.start + 6));
      limited = (data.readUInt8(box.start + 10) & 0x80) === 0;
    } else if (box?.type === "av1C") {
      gray ||= (data.readUInt8(box.start + 2) & 0x10) !== 0;
    } else if (box?.type === "pixi") {
      gray ||= data.readUInt8(box.start + 4) === 1;
    }
  }
  return { ...(space && { space }), ...(gray && limited && { limitedGray: true }) };
}

interface Box {
  readonly type: string;
  /** Offsets of its content. */
  readonly start: number;
  readonly end: number;
}

function boxes(data: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < MOST_PARTS; ) {
    const size = data.readUInt32BE(at);
    const type = data.toString("latin1", at + 4, at + 8);
    const [head, length] = size === 1 ? [16, Number(data.readBigUInt64BE(at + 8))] : [8, size === 0 ? to - at : size];
    if (length < head || at + length > to) {
      break;
    }
    found.push({ type, start: at + head, end: at + length });
    at += length;
  }
  return found;
}

/** The properties of an item, as positions in the list, counted from 1. */
function associations(data: Buffer, start: number, item: number): number[] {
  const [version, wide] = [data.readUInt8(start), (data.readUInt8(start + 3) & 1) === 1];
  const entries = Math.min(data.readUInt32BE(start + 4), MOST_PARTS);
  for (let at = start + 8, entry = 0; entry < entries; entry++) {
    const id = version === 0 ? data.readUInt16BE(at) : data.readUInt32BE(at);
    at += version === 0 ? 2 : 4;
    const count = data.readUInt8(at++);
    if (id === item) {
      return Array.from({ length: count }, (_, i) =>
        wide ? data.readUInt16BE(at + i * 2) & 0x7fff : data.readUInt8(at + i) & 0x7f,
      );
    }
    at += count * (wide ? 2 : 1);
  }
  return [];
}

/** GIF89a, sections 18 (screen), 20 (image) and 23 to 26 (extensions, which are skipped). */
function gifDeclared(data: Buffer): Declared {
  const [width, height] = [data.readUInt16LE(6), data.readUInt16LE(8)];
  const table = data.readUInt8(10);
  let at = 13 + (table & 0x80 ? 3 * 2 ** ((table & 7) + 1) : 0);
  while (data.readUInt8(at) === 0x21) {
    at += 2;
    for (let block = data.readUInt8(at); block !== 0; block = data.readUInt8(at)) {
      at += 1 + block;
    }
    at += 1;
  }
  if (data.readUInt8(at) !== 0x2c) {
    return {};
  }
  const [left, top] = [data.readUInt16LE(at + 1), data.readUInt16LE(at + 3)];
  const frame = { left, top, width: data.readUInt16LE(at + 5), height: data.readUInt16LE(at + 7) };
  const covers = left === 0 && top === 0 && frame.width >= width && frame.height >= height;
  return covers ? {} : { frame };
}
