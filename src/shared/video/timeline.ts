import { look } from "./packets.ts";
import { limits, type Source, Unplayable } from "./source.ts";

/** A frame's bytes as the container lists them, in the order in which they are decoded. */
export interface Sample {
  /** Place in the file and number of bytes. */
  readonly at: number;
  readonly length: number;
  /** Seconds, as shown. */
  readonly time: number;
  /** Seconds as declared; 0 where nothing is. */
  readonly duration: number;
  /** Whether the container says that decoding can begin here. */
  readonly key: boolean;
}

export type Container = "mp4" | "mov" | "webm" | "mkv";

/** A movie as its container lists it, before the frames' own bytes are looked at. */
export interface RawMovie {
  readonly container: Container;
  /** As mediabunny numbers the track too. */
  readonly track: number;
  readonly codec: string;
  /** The decoder's set-up as the file has it. */
  readonly setUp: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes of the length before each unit of an AVC or HEVC frame. */
  readonly lengthSize: number;
  /** True where the picture has to be turned to be shown. */
  readonly isTurned: boolean;
  /** Pixels as shown. */
  readonly width: number;
  readonly height: number;
  readonly samples: readonly Sample[];
  /** The span of time that is shown, in seconds, where the file says that not all is. */
  readonly span?: { readonly start: number; readonly end: number } | undefined;
  /** Seconds of each frame, where the file declares that all take the same. */
  readonly frameDuration?: number | undefined;
  /** Seconds by which times in the file are rounded. */
  readonly tick: number;
  /** False where the frames' bytes are packed once more: they cannot be looked into. */
  readonly plain: boolean;
}

export interface Packet extends Sample {
  /** Rank among all packets by the time at which they are shown. */
  readonly rank: number;
  /** The index of the frame that it shows, from 0; undefined where it is decoded only. */
  readonly frame: number | undefined;
  /** Its bytes are missing, or cannot be a frame's. */
  readonly isBroken: boolean;
}

/** A movie as it is shown. */
export interface Movie extends Omit<RawMovie, "samples"> {
  /** In the order in which they are decoded; `key` only where the frame's own bytes say so too. */
  readonly packets: readonly Packet[];
  /** Seconds at which each shown frame begins, ascending. */
  readonly times: readonly number[];
  /** Seconds. */
  readonly durations: readonly number[];
  /** Seconds of the whole. */
  readonly duration: number;
  /** Frames per second on average. */
  readonly fps: number;
}

/**
 * Which of the listed frames are shown, when and for how long, as players show them.
 * @throws {Unplayable}
 */
export function timelineOf(source: Source, raw: RawMovie, how: "whole" | "rest"): Movie {
  // No two frames share their bytes: looking at all of them is reading the file once.
  const isStrict = how === "whole";
  if (isStrict && raw.samples.reduce((sum, { length }) => sum + length, 0) > source.size) {
    throw new Unplayable(raw.samples.length > source.size ? "damaged" : "truncated");
  }
  let left = source.size;
  const looks = raw.samples.map(({ at, length }, index) => {
    if (isStrict && (length === 0 || length > limits.frameBytes)) {
      throw new Unplayable("damaged");
    }
    if (isStrict && at + length > source.size) {
      throw new Unplayable("truncated");
    }
    left -= length;
    const seen = raw.plain && left >= 0 ? look(raw.codec, raw.lengthSize, source.read(at, length)) : undefined;
    if (isStrict && seen?.damaged) {
      throw new Unplayable("damaged");
    }
    const isBroken = seen?.damaged === true || length === 0 || at + length > source.size;
    return { index, isBroken, hidden: seen?.hidden ?? false, key: seen?.key };
  });
  if (looks.length === 0) {
    throw new Unplayable("truncated");
  }
  const inOrder = looks.toSorted((one, other) => timeAt(raw, one.index) - timeAt(raw, other.index));
  const visible = inOrder.filter(({ hidden }) => !hidden);
  if (visible.length === 0) {
    throw new Unplayable("damaged");
  }
  const length = timeAt(raw, visible.at(-1)?.index ?? 0) - timeAt(raw, visible[0]?.index ?? 0);
  // The edges are rounded to the file's own unit of time, which must not be taken for a frame.
  const edge = Math.min(raw.tick, length / visible.length / 4);
  const within = visible.filter(({ index }) => isWithin(timeAt(raw, index), raw.span, edge));
  // A span that shows nothing is ignored, as players do.
  const shown = within.length === 0 ? visible : within;
  const cutFront = within.length > 0 && shown[0] !== visible[0];
  const listed = shown.map(({ index }) => timeAt(raw, index));
  const declared = steady(listed, raw);
  const times = declared === undefined ? listed : listed.map((_, at) => (listed[0] ?? 0) + at * declared);
  const start = times[0] ?? 0;
  const last = declared ?? lastDuration(raw, shown.at(-1)?.index ?? 0, times);
  const cut = within.length > 0 ? (raw.span?.end ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const whole = (times.at(-1) ?? 0) + last;
  const end = whole - cut > 1.5 * edge ? cut : whole;
  const durations = durationsOf(times, end - (times.at(-1) ?? 0));
  if (!(end > start) || (times.length > 1 && times.at(-1) === start)) {
    throw new Unplayable("noTimes");
  }
  if (!(end - start <= limits.duration)) {
    throw new Unplayable("tooLong");
  }
  const frames = new Map(shown.map(({ index }, frame) => [index, frame]));
  const ranks = new Map(inOrder.map(({ index }, rank) => [index, rank]));
  const { samples: _, ...rest } = raw;
  return {
    ...rest,
    packets: raw.samples.map((sample, index) => ({
      ...sample,
      key: sample.key && (looks[index]?.key ?? true) && looks[index]?.isBroken === false,
      isBroken: looks[index]?.isBroken ?? true,
      rank: ranks.get(index) ?? 0,
      frame: frames.get(index),
    })),
    times,
    durations,
    duration: end - (cutFront && raw.span !== undefined ? raw.span.start : start),
    fps: times.length / (end - start),
  };
}

function timeAt({ samples }: RawMovie, index: number): number {
  return samples[index]?.time ?? 0;
}

function isWithin(time: number, span: RawMovie["span"], edge: number): boolean {
  return span === undefined || (time >= span.start - edge && time < span.end - edge);
}

/** The declared duration of a frame, where all times keep to it but for their rounding. */
function steady(times: readonly number[], { frameDuration, tick }: RawMovie): number | undefined {
  if (frameDuration === undefined || !(frameDuration > 0)) {
    return undefined;
  }
  const first = times[0] ?? 0;
  const keeps = times.every((time, at) => Math.abs(time - first - at * frameDuration) <= 1.5 * tick);
  return keeps ? frameDuration : undefined;
}

/** Each frame stays until the next one comes; what containers declare is how long decoding goes on. */
function durationsOf(times: readonly number[], last: number): number[] {
  return times.map((time, at) => {
    const next = times[at + 1];
    return next === undefined ? last : next - time;
  });
}

function lastDuration({ samples }: RawMovie, index: number, times: readonly number[]): number {
  const declared = samples[index]?.duration ?? 0;
  if (declared > 0) {
    return declared;
  }
  // A still picture without a duration has to have one.
  return times.length === 1 ? 1 : ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
}
