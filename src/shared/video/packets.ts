/** What a frame's own bytes reveal. */
interface Look {
  /** They cannot be a frame of this codec: they are truncated, or overwritten with zeros. */
  readonly damaged: boolean;
  /** The frame is decoded, but never shown. */
  readonly hidden: boolean;
  /** Whether decoding can begin with the frame; undefined if only the container knows. */
  readonly key: boolean | undefined;
}

const fine: Look = { damaged: false, hidden: false, key: undefined };
const damaged: Look = { damaged: true, hidden: false, key: undefined };

/**
 * No frame contains this many consecutive zeros: AVC and HEVC forbid even three. Gaps from disks and broken transfers come in
 * larger blocks.
 */
const zeroRun = 256;

/** Inspects a frame's bytes as far as that is cheap. `lengthSize` is for AVC and HEVC. */
export function look(codec: string, lengthSize: number, bytes: Uint8Array): Look {
  switch (codec) {
    case "avc":
    case "hevc":
      return lengthSize === 0 ? unknownFraming(bytes) : units(codec, lengthSize, bytes);
    case "vp8":
      return vp8(bytes);
    case "vp9":
      return vp9(bytes);
    case "av1":
      return av1(bytes);
    default:
      return unknownFraming(bytes);
  }
}

function unknownFraming(bytes: Uint8Array): Look {
  return bytes.every((byte) => byte === 0) ? damaged : fine;
}

function units(codec: "avc" | "hevc", lengthSize: number, bytes: Uint8Array): Look {
  let key = false;
  let at = 0;
  while (at < bytes.length) {
    if (at + lengthSize > bytes.length) {
      return damaged;
    }
    let length = 0;
    for (const end = at + lengthSize; at < end; at++) {
      length = length * 256 + (bytes[at] ?? 0);
    }
    if (length === 0 || at + length > bytes.length || hasZeroRun(bytes, at, at + length)) {
      return damaged;
    }
    const head = bytes[at] ?? 0;
    // The first bit of a unit must be 0.
    if (head >= 128) {
      return damaged;
    }
    const type = codec === "avc" ? head & 31 : head >> 1;
    key ||= codec === "avc" ? type === 5 : type >= 16 && type <= 21;
    at += length;
  }
  return { damaged: false, hidden: false, key };
}

function hasZeroRun(bytes: Uint8Array, from: number, to: number): boolean {
  // It is enough to sample one byte per run length: every run contains a sampled byte.
  for (let at = from + zeroRun - 1; at < to; at += zeroRun) {
    if (bytes[at] !== 0) {
      continue;
    }
    let first = at;
    while (first > from && bytes[first - 1] === 0) {
      first -= 1;
    }
    let last = at;
    while (last + 1 < to && bytes[last + 1] === 0) {
      last += 1;
    }
    if (last - first + 1 >= zeroRun) {
      return true;
    }
    at = last;
  }
  return false;
}

function vp8(bytes: Uint8Array): Look {
  const [head = 0, , , ...start] = bytes.subarray(0, 6);
  const key = (head & 1) === 0;
  if (key && (start[0] !== 0x9d || start[1] !== 0x01 || start[2] !== 0x2a)) {
    return damaged;
  }
  return { damaged: false, hidden: (head & 0x10) === 0, key };
}

function vp9(bytes: Uint8Array): Look {
  const frames = superframe(bytes);
  if (frames === undefined) {
    return damaged;
  }
  const heads = frames.map(vp9Head);
  if (heads.some((head) => head === undefined)) {
    return damaged;
  }
  return { damaged: false, hidden: heads.every((head) => head?.shown === false), key: heads[0]?.key ?? false };
}

/** The frames of a VP9 superframe, or the single frame that it is. */
function superframe(bytes: Uint8Array): Uint8Array[] | undefined {
  const marker = bytes.at(-1) ?? 0;
  const count = (marker & 7) + 1;
  const width = ((marker >> 3) & 3) + 1;
  const index = 2 + width * count;
  if ((marker & 0xe0) !== 0xc0 || bytes.length < index || bytes[bytes.length - index] !== marker) {
    return [bytes];
  }
  const frames: Uint8Array[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame++) {
    let length = 0;
    for (let byte = width - 1; byte >= 0; byte--) {
      length = length * 256 + (bytes[bytes.length - index + 1 + frame * width + byte] ?? 0);
    }
    if (at + length > bytes.length - index) {
      return undefined;
    }
    // An empty frame repeats the one before.
    if (length > 0) {
      frames.push(bytes.subarray(at, at + length));
    }
    at += length;
  }
  return frames;
}

function vp9Head(bytes: Uint8Array): { shown: boolean; key: boolean } | undefined {
  const bits = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const bit = (at: number) => (bits >> (15 - at)) & 1;
  if (bit(0) !== 1 || bit(1) !== 0) {
    return undefined;
  }
  // Profile 3 has one more bit.
  const at = bit(2) === 1 && bit(3) === 1 ? 5 : 4;
  return bit(at) === 1 ? { shown: true, key: false } : { shown: bit(at + 2) === 1, key: bit(at + 1) === 0 };
}

function av1(bytes: Uint8Array): Look {
  let at = 0;
  while (at < bytes.length) {
    const head = bytes[at] ?? 0;
    const type = (head >> 3) & 15;
    // The first bit must be 0, and a temporal unit contains nothing of the reserved type 0.
    if (head >= 128 || type === 0) {
      return damaged;
    }
    at += head & 4 ? 2 : 1;
    if ((head & 2) === 0) {
      return fine;
    }
    let length = 0;
    for (let byte = 0; byte < 8; byte++) {
      const part = bytes[at];
      if (part === undefined) {
        return damaged;
      }
      at += 1;
      length += (part & 127) * 2 ** (7 * byte);
      if (part < 128) break;
    }
    at += length;
  }
  return at === bytes.length ? fine : damaged;
}
