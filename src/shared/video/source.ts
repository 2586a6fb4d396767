/** Reads untrusted bytes within bounds: from a file in a thread, or from memory in the page. */

/** Where a video's bytes come from. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Returns up to `length` bytes from `at` on, fewer at the end. They are valid until the next read. */
  read(at: number, length: number): Uint8Array;
}

/** Why bytes are not a playable video. The product has a sentence for each reason. */
const unplayableReasons = [
  "empty",
  "unknownFormat",
  "noVideo",
  "truncated",
  "damaged",
  "encrypted",
  "noTimes",
  "tooLong",
] as const;
export type UnplayableReason = (typeof unplayableReasons)[number];

export class Unplayable extends Error {
  override readonly name = "Unplayable";
  readonly reason: UnplayableReason;

  constructor(reason: UnplayableReason) {
    super(reason);
    this.reason = reason;
  }
}

/** No clip that the product deals with exceeds these limits, so nothing beyond them is read. */
export const limits = {
  /** Far more than the model's 141 frames, or the 20 000 of a long clip. */
  frames: 100_000,
  /** Seconds. */
  duration: 30 * 24 * 3600,
  /** The most bytes of an index that are read at once. */
  index: 64 * 1024 * 1024,
  /** Sibling boxes or elements. A fragment for every single frame takes two. */
  siblings: 4 * 100_000,
  /** Bytes of a single frame. */
  frameBytes: 256 * 1024 * 1024,
  tracks: 64,
  /** Bytes of a decoder's configuration. */
  setUp: 64 * 1024,
} as const;

/** A source of bytes in memory. */
export function bytesSource(bytes: Uint8Array): Source {
  return { size: bytes.byteLength, read: (at, length) => bytes.subarray(at, at + length) };
}

/**
 * Reads a known number of bytes from front to back.
 * @throws {Unplayable} `damaged` at their end.
 */
export class Fields {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.byteLength - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** Exact up to 2^53. No real file contains a larger length, offset or time. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8)));
  }

  i64(): number {
    return Number(this.#view.getBigInt64(this.#take(8)));
  }

  text(length: number): string {
    return String.fromCharCode(...this.bytes(length));
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    if (!(length >= 0 && length <= this.left)) {
      throw new Unplayable("damaged");
    }
    const { at } = this;
    this.at += length;
    return at;
  }
}
