import type { Picture } from "./read.ts";
import { brandsOf } from "./signature.ts";

/**
 * True if a picture that could not be decoded is intact, judging by its header, but of a variant that the image library
 * does not read: then it is not damaged.
 * @param complaint the library's message
 */
export function isUnusual({ bytes, format }: Picture, complaint: string): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (format) {
      case "tiff":
        return isUnusualTiff(data);
      case "jpeg":
        return isUnusualJpeg(data);
      case "avif":
        // A film, or a picture that uses a feature the decoder does not have.
        return UNSUPPORTED.test(complaint) || brandsOf(data)[0] === "avis";
      default:
        return false;
    }
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

const UNSUPPORTED = /unsupported (feature|codec)|not supported/i;

/** Tags of the first directory that define how pixels are stored (TIFF 6.0, section 8). */
const TIFF = { bits: 258, compression: 259, photometric: 262, planar: 284, tileWidth: 322, sampleFormat: 339 } as const;

/** More than any program writes into a directory. */
const MOST_ENTRIES = 1000;

function isUnusualTiff(data: Buffer): boolean {
  const little = data.readUInt8(0) === 0x49;
  const two = (at: number) => (little ? data.readUInt16LE(at) : data.readUInt16BE(at));
  const four = (at: number) => (little ? data.readUInt32LE(at) : data.readUInt32BE(at));
  // Of eight-byte numbers, those that make sense here fit into the lower four bytes.
  const eight = (at: number) => four(little ? at : at + 4);
  const isBig = two(2) === 43;
  const directory = isBig ? eight(8) : four(4);
  const [head, entryBytes, inline] = isBig ? [8, 20, 8] : [2, 12, 4];
  const entries = Math.min(isBig ? eight(directory) : two(directory), MOST_ENTRIES);
  const values = new Map<number, number[]>();
  for (let i = 0; i < entries; i++) {
    const at = directory + head + i * entryBytes;
    const short = two(at + 2) === 3;
    const count = Math.min(isBig ? eight(at + 4) : four(at + 4), 8);
    const place = at + (isBig ? 12 : 8);
    const start = count * (short ? 2 : 4) <= inline ? place : isBig ? eight(place) : four(place);
    values.set(
      two(at),
      Array.from({ length: count }, (_, n) => (short ? two(start + n * 2) : four(start + n * 4))),
    );
  }
  const first = (tag: number, usual: number) => values.get(tag)?.[0] ?? usual;
  const bits = values.get(TIFF.bits) ?? [1];
  return (
    ![1, 2, 3, 4, 5, 7, 8, 32_773, 32_946].includes(first(TIFF.compression, 1)) ||
    ![0, 1, 2, 3, 5, 6].includes(first(TIFF.photometric, 1)) ||
    bits.some((depth) => ![1, 2, 4, 8, 16, 32].includes(depth) || depth !== bits[0]) ||
    (first(TIFF.sampleFormat, 1) === 3 && bits[0] !== 32) ||
    first(TIFF.sampleFormat, 1) > 4 ||
    (first(TIFF.planar, 1) === 2 && values.has(TIFF.tileWidth))
  );
}

/** True for all but baseline, extended and progressive coding of 8 bits (ITU-T T.81, table B.1). */
function isUnusualJpeg(data: Buffer): boolean {
  for (let at = 2, segments = 0; segments < MOST_ENTRIES; segments++) {
    while (data.readUInt8(at + 1) === 0xff) {
      at++;
    }
    const marker = data.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return marker > 0xc2 || data.readUInt8(at + 4) !== 8;
    }
    if (data.readUInt8(at) !== 0xff || marker === 0xda) {
      return false;
    }
    at += 2 + data.readUInt16BE(at + 2);
  }
  return false;
}
