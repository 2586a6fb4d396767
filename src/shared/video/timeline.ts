import type { Container } from "./fileNames.ts";
import { look } from "./packets.ts";
import { limits, type Source, Unplayable } from "./source.ts";

/** A frame as the container lists it, in decoding order. */
export interface Sample {
  /** Offset in the file, and number of bytes. */
  readonly at: number;
  readonly length: number;
  /** When it is shown, in seconds. */
  readonly time: number;
  /** Declared seconds; 0 if the file declares none. */
  readonly duration: number;
  /** Whether decoding can begin here, according to the container. */
  readonly key: boolean;
}

/** A movie as its container lists it, before the frames' own bytes are inspected. */
export interface RawMovie {
  readonly container: Container;
  /** The number of the track, which mediabunny uses too. */
  readonly track: number;
  readonly codec: string;
  /** The decoder's configuration, as stored in the file. */
  readonly setUp: Uint8Array<ArrayBuffer> | undefined;
  /** The number of bytes in the length prefix of each unit of an AVC or HEVC frame. */
  readonly lengthSize: number;
  /** True if the picture must be rotated for display. */
  readonly isTurned: boolean;
  /** Display size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly samples: readonly Sample[];
  /** The time span that is shown, in seconds, if the file limits it. */
  readonly span?: { readonly start: number; readonly end: number } | undefined;
  /** Seconds per frame, if the file declares the same for all. */
  readonly frameDuration?: number | undefined;
  /** The unit to which the file rounds times, in seconds. */
  readonly tick: number;
  /** False if the frames' bytes are wrapped in another encoding, so that they cannot be inspected. */
  readonly plain: boolean;
}

export interface Packet extends Sample {
  /** Its rank among all packets, by the time at which they are shown. */
  readonly rank: number;
  /** The index of the frame that it shows, from 0; undefined if it is decoded but not shown. */
  readonly frame: number | undefined;
  /** Its bytes are missing or cannot be a frame. */
  readonly isBroken: boolean;
}

/** A movie as it is shown. */
export interface Movie extends Omit<RawMovie, "samples"> {
  /** In decoding order. `key` is true only if the frame's own bytes agree. */
  readonly packets: readonly Packet[];
  /** When each shown frame begins, in seconds, ascending. */
  readonly times: readonly number[];
  /** How long each shown frame lasts, in seconds. */
  readonly durations: readonly number[];
  /** Total duration in seconds. */
  readonly duration: number;
  /** Average frames per second. */
  readonly fps: number;
}

/**
 * Works out which of the listed frames players show, when, and for how long.
 * @throws {Unplayable}
 */
export function timelineOf(source: Source, raw: RawMovie, how: "whole" | "rest"): Movie {
  // No two frames share bytes, so inspecting all of them costs no more than reading the file once.
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
  // The edges are rounded to the file's unit of time, and that difference must not cost a frame.
  const edge = Math.min(raw.tick, length / visible.length / 4);
  const within = visible.filter(({ index }) => isWithin(timeAt(raw, index), raw.span, edge));
  // Like players, we ignore a span that shows nothing.
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

/** The declared duration of a frame, if all times match it except for rounding. */
function steady(times: readonly number[], { frameDuration, tick }: RawMovie): number | undefined {
  if (frameDuration === undefined || !(frameDuration > 0)) {
    return undefined;
  }
  const first = times[0] ?? 0;
  const keeps = times.every((time, at) => Math.abs(time - first - at * frameDuration) <= 1.5 * tick);
  return keeps ? frameDuration : undefined;
}

/** Each frame stays until the next one. The declared durations describe decoding instead. */
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
  // Even a still picture without a declared duration needs one.
  return times.length === 1 ? 1 : ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
}
