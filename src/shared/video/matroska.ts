import { type Element, elementAt, elements, trackNumber, unsigned } from "./ebml.ts";
import { lengthSizeIn } from "./mp4.ts";
import { limits, type Source, Unplayable } from "./source.ts";
import type { RawMovie, Sample } from "./timeline.ts";

/** Ids of Matroska elements (RFC 9559). */
const ids = {
  ...{ ebml: 0x1a45dfa3, docType: 0x4282, segment: 0x18538067, info: 0x1549a966, tracks: 0x1654ae6b },
  ...{ cluster: 0x1f43b675, cues: 0x1c53bb6b, tags: 0x1254c367, seekHead: 0x114d9b74, chapters: 0x1043a770 },
  ...{ attachments: 0x1941a469, void: 0xec, crc: 0xbf, timestampScale: 0x2ad7b1, duration: 0x4489 },
  ...{ track: 0xae, number: 0xd7, type: 0x83, codec: 0x86, isEnabled: 0xb9, isDefault: 0x88, setUp: 0x63a2 },
  ...{ frameDuration: 0x23e383, video: 0xe0, width: 0xb0, height: 0xba, encodings: 0x6d80 },
  ...{ displayWidth: 0x54b0, displayHeight: 0x54ba, displayUnit: 0x54b2 },
  ...{ timestamp: 0xe7, simpleBlock: 0xa3, group: 0xa0, block: 0xa1, blockDuration: 0x9b, reference: 0xfb },
} as const;

/** Top-level elements of a segment. One of unknown length ends where the next one begins. */
const inSegment: readonly number[] = [
  ...[ids.info, ids.tracks, ids.cluster, ids.cues, ids.tags, ids.seekHead, ids.chapters, ids.attachments],
  ...[ids.void, ids.crc],
];

/** The codecs by mediabunny's names. */
const codecs: Readonly<Record<string, string>> = {
  ...{ "V_MPEG4/ISO/AVC": "avc", "V_MPEGH/ISO/HEVC": "hevc", V_VP8: "vp8", V_VP9: "vp9", V_AV1: "av1" },
  V_PRORES: "prores",
};

/** True for the first bytes of a Matroska or WebM file. */
export function isMatroska(head: Uint8Array): boolean {
  return [0x1a, 0x45, 0xdf, 0xa3].every((byte, at) => head[at] === byte);
}

interface Track {
  readonly number: number;
  readonly isVideo: boolean;
  readonly isShown: boolean;
  readonly isDefault: boolean;
  readonly codec: string;
  readonly setUp: Uint8Array<ArrayBuffer> | undefined;
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly frameDuration: number | undefined;
  readonly plain: boolean;
}

/**
 * Reads a whole Matroska or WebM file down to the last block: not every file has an index, and some lack a length.
 * @throws {Unplayable}
 */
export function readMatroska(source: Source, how: "whole" | "rest"): RawMovie {
  const isStrict = how === "whole";
  const head = elementAt(source, 0);
  if (head?.end === undefined) {
    throw new Unplayable("truncated");
  }
  const segment = elementAt(source, head.end);
  if (segment?.id !== ids.segment || (isStrict && (segment.end ?? 0) > source.size)) {
    throw new Unplayable("truncated");
  }
  const isWebm = [...elements(source, head.body, head.end)].some(
    (each) => each.id === ids.docType && text(source, each) === "webm",
  );
  const reader = new Segment(source);
  try {
    reader.read(segment.body, Math.min(segment.end ?? source.size, source.size));
  } catch (error) {
    if (isStrict || !(error instanceof Unplayable)) {
      throw error;
    }
  }
  return reader.movie(isWebm ? "webm" : "mkv", isStrict);
}

function text(source: Source, { body, end }: { readonly body: number; readonly end: number }): string {
  return String.fromCharCode(...source.read(body, Math.min(64, end - body))).replace(/\0.*$/s, "");
}

class Segment {
  readonly #source: Source;
  /** Seconds per tick. */
  #tick = 0.001;
  /** Ticks. */
  #duration = 0;
  #tracks: readonly Track[] = [];
  #samples = new Map<number, Sample[]>();
  #count = 0;
  #end = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * Reads the elements between two offsets of the file.
   * @throws {Unplayable}
   */
  read(from: number, to: number): void {
    let at = from;
    for (let count = 0; at < to; count++) {
      const element = elementAt(this.#source, at);
      if (count >= limits.siblings) {
        throw new Unplayable("tooLong");
      }
      if (element === undefined || !inSegment.includes(element.id)) {
        // Nothing after the segment matters, unless it is the rest of a truncated element.
        if (this.#source.size - at < 12 && at > from) {
          throw new Unplayable("truncated");
        }
        return;
      }
      const end = element.end ?? this.#endOf(element.body, to);
      if (end > to) {
        throw new Unplayable("truncated");
      }
      this.#readElement(element, end);
      at = end;
    }
  }

  /**
   * What has been read, as a movie.
   * @throws {Unplayable} if there is no video track, or, if `isStrict`, less of it than the file declares.
   */
  movie(container: "webm" | "mkv", isStrict: boolean): RawMovie {
    const videos = this.#tracks.filter(({ isVideo, isShown }) => isVideo && isShown);
    const video = videos.find(({ isDefault }) => isDefault) ?? videos[0];
    if (video === undefined) {
      throw new Unplayable(this.#tracks.length === 0 ? "truncated" : "noVideo");
    }
    const { number, codec, setUp, width, height, frameDuration, plain } = video;
    const samples = this.#samples.get(number) ?? [];
    // The declared duration is that of the longest track, and rounded.
    const missing = this.#duration - this.#end;
    if (isStrict && this.#duration > 0 && missing * this.#tick > 2 * this.#longestFrame(samples)) {
      throw new Unplayable("truncated");
    }
    return {
      container,
      track: number,
      codec,
      setUp,
      lengthSize: setUp === undefined ? 0 : lengthSizeIn(codec, setUp),
      isTurned: false,
      width,
      height,
      samples,
      frameDuration,
      tick: this.#tick,
      plain,
    };
  }

  /** The average time between two frames, in seconds, but at least the length of a packet of sound. */
  #longestFrame(samples: readonly Sample[]): number {
    const span = (samples.at(-1)?.time ?? 0) - (samples[0]?.time ?? 0);
    return Math.max(0.1, samples.length > 1 ? span / (samples.length - 1) : (this.#duration * this.#tick) / 2);
  }

  /** Where an element of unknown length ends: before the next one at its level. */
  #endOf(body: number, to: number): number {
    let at = body;
    for (let count = 0; at < to && count < limits.siblings; count++) {
      const element = elementAt(this.#source, at);
      if (element === undefined) {
        throw new Unplayable("truncated");
      }
      if (inSegment.includes(element.id) && element.id !== ids.void && element.id !== ids.crc) {
        return at;
      }
      if (element.end === undefined) {
        throw new Unplayable("damaged");
      }
      at = element.end;
    }
    return at;
  }

  #readElement({ id, body }: Element, end: number): void {
    if (id === ids.info) {
      for (const each of elements(this.#source, body, end)) {
        if (each.id === ids.timestampScale) {
          this.#tick = unsigned(this.#source, each) / 1e9;
        } else if (each.id === ids.duration) {
          this.#duration = float(this.#source, each);
        }
      }
    } else if (id === ids.tracks) {
      const tracks = [...elements(this.#source, body, end)].filter((each) => each.id === ids.track);
      if (tracks.length > limits.tracks) {
        throw new Unplayable("tooLong");
      }
      this.#tracks = tracks.map((each) => trackOf(this.#source, each));
    } else if (id === ids.cluster) {
      this.#readCluster(body, end);
    }
  }

  #readCluster(body: number, end: number): void {
    let timestamp = 0;
    for (const each of elements(this.#source, body, end)) {
      if (each.id === ids.timestamp) {
        timestamp = unsigned(this.#source, each);
      } else if (each.id === ids.simpleBlock) {
        this.#readBlock(each, timestamp, 0, undefined);
      } else if (each.id === ids.group) {
        const parts = [...elements(this.#source, each.body, each.end)];
        const block = parts.find((part) => part.id === ids.block);
        const duration = parts.find((part) => part.id === ids.blockDuration);
        const isKey = !parts.some((part) => part.id === ids.reference);
        if (block !== undefined) {
          this.#readBlock(block, timestamp, duration === undefined ? 0 : unsigned(this.#source, duration), isKey);
        }
      }
    }
  }

  #readBlock(block: { readonly body: number; readonly end: number }, cluster: number, ticks: number, key?: boolean) {
    const track = trackNumber(this.#source, block.body);
    const head = track && this.#source.read(block.body + track.length, 3).slice();
    const at = block.body + (track?.length ?? 0) + 3;
    if (track === undefined || head?.length !== 3 || at > block.end) {
      throw new Unplayable("damaged");
    }
    const [high = 0, low = 0, flags = 0] = head;
    const time = cluster + ((((high << 8) | low) << 16) >> 16);
    this.#end = Math.max(this.#end, time + ticks);
    if (!this.#tracks.some(({ number, isVideo }) => isVideo && number === track.value)) {
      return;
    }
    this.#count += 1;
    if (this.#count > limits.frames) {
      throw new Unplayable("tooLong");
    }
    // No writer puts several video frames into one block.
    if ((flags & 0x06) !== 0) {
      throw new Unplayable("damaged");
    }
    const samples = this.#samples.get(track.value) ?? [];
    this.#samples.set(track.value, samples);
    samples.push({
      ...{ at, length: block.end - at, time: time * this.#tick, duration: ticks * this.#tick },
      key: key ?? (flags & 0x80) !== 0,
    });
  }
}

function trackOf(source: Source, track: { readonly body: number; readonly end: number }): Track {
  const parts = new Map([...elements(source, track.body, track.end)].map((each) => [each.id, each]));
  const number = (id: number, otherwise: number) => {
    const part = parts.get(id);
    return part === undefined ? otherwise : unsigned(source, part);
  };
  const video = parts.get(ids.video);
  const sizes = new Map((video ? [...elements(source, video.body, video.end)] : []).map((each) => [each.id, each]));
  const size = (id: number) => {
    const part = sizes.get(id);
    return part === undefined ? 0 : unsigned(source, part);
  };
  const name = parts.get(ids.codec);
  const codec = codecs[name === undefined ? "" : text(source, name)] ?? "unknown";
  const setUp = parts.get(ids.setUp);
  const duration = number(ids.frameDuration, 0);
  return {
    number: number(ids.number, 0),
    isVideo: number(ids.type, 0) === 1,
    isShown: number(ids.isEnabled, 1) === 1,
    isDefault: number(ids.isDefault, 1) === 1,
    codec,
    setUp: setUp && source.read(setUp.body, Math.min(limits.setUp, setUp.end - setUp.body)).slice(),
    ...shownSize(
      size(ids.width),
      size(ids.height),
      size(ids.displayWidth),
      size(ids.displayHeight),
      size(ids.displayUnit),
    ),
    frameDuration: duration > 0 ? duration / 1e9 : undefined,
    plain: !parts.has(ids.encodings),
  };
}

/** The size of a frame in square pixels. The display size can be in pixels or only a ratio. */
function shownSize(width: number, height: number, wide: number, high: number, unit: number) {
  if (wide === 0 || high === 0 || (unit !== 0 && unit !== 3)) {
    return { width, height };
  }
  const ratio = (wide * height) / (high * width);
  return ratio >= 1 ? { width: Math.round(width * ratio), height } : { width, height: Math.round(height / ratio) };
}

function float(source: Source, { body, end }: { readonly body: number; readonly end: number }): number {
  const bytes = source.read(body, Math.min(8, end - body));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = bytes.length === 8 ? view.getFloat64(0) : bytes.length === 4 ? view.getFloat32(0) : 0;
  return Number.isFinite(value) ? value : 0;
}
