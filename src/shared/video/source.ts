/** Foreign bytes, read within bounds. Pure: runs in a thread over a file and in the page over its bytes. */

/** Where a video's bytes come from. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Gives as many bytes as there are from there on, up to `length`; good until the next read. */
  read(at: number, length: number): Uint8Array;
}

/** Why bytes cannot be shown as a video, in the few words that the product has sentences for. */
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

/** What is more than this is no clip that anybody makes here: nothing beyond it is walked. */
export const limits = {
  /** Far above the 141 frames of the model and the 20 000 of long clips. */
  frames: 100_000,
  /** Seconds. */
  duration: 30 * 24 * 3600,
  /** Bytes of an index that are read at once. */
  index: 64 * 1024 * 1024,
  /** Boxes or elements beside each other: a fragment of its own for each frame has two. */
  siblings: 4 * 100_000,
  /** Bytes of one frame. */
  frameBytes: 256 * 1024 * 1024,
  tracks: 64,
  /** Bytes of a decoder's set-up. */
  setUp: 64 * 1024,
} as const;

/** A source over bytes at hand. */
export function bytesSource(bytes: Uint8Array): Source {
  return { size: bytes.byteLength, read: (at, length) => bytes.subarray(at, at + length) };
}

/**
 * Bytes of known length read from front to back.
 * @throws {Unplayable} `damaged` where they are over.
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

  /** Exact up to 2^53; what is larger is no length, place or time in a file that exists. */
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
