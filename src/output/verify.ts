import { closeSync, fstatSync, readSync } from "node:fs";
import { NotPlain, openPlainNow } from "../files/plain.ts";
import { readMovie } from "../shared/video/movie.ts";
import { type Source, Unplayable } from "../shared/video/source.ts";
import type { Movie } from "../shared/video/timeline.ts";

/** The facts of a video as players show it, read from its bytes. */
export interface VideoFacts {
  /** File extension that fits the container, with its dot. */
  readonly extension: string;
  readonly codec: string;
  /** Pixels as shown. */
  readonly width: number;
  readonly height: number;
  /** Frames that are shown. */
  readonly frames: number;
  /** Frames per second. */
  readonly fps: number;
  /** Seconds. */
  readonly duration: number;
  /** Frames that the file lists, if players never show some of them. */
  readonly listed?: number;
  /** True if it begins without a key frame: not every player may show its first frames. */
  readonly keyless?: boolean;
}

/** The fewest bytes to read at once. */
const stretch = 1024 * 1024;

/**
 * Reads a video down to the bytes of its last frame, to notice a truncated or blank file. The bytes tell the container, not
 * a name or a content type (`docs/service.md`, "Video files"). Blocks its thread, so it needs one of its own.
 * @throws {Unplayable} if it is no complete video. Errors of the file system stay as they are.
 */
export function readFacts(file: string): VideoFacts {
  const handle = opened(file);
  try {
    return factsOf(readMovie(fileSource(handle)));
  } finally {
    closeSync(handle);
  }
}

function opened(file: string): number {
  try {
    return openPlainNow(file);
  } catch (error) {
    throw error instanceof NotPlain ? new Unplayable("unknownFormat") : error;
  }
}

function factsOf(movie: Movie): VideoFacts {
  const { container, codec, width, height, times, packets, fps, duration } = movie;
  return {
    extension: `.${container}`,
    ...{ codec, width, height },
    frames: times.length,
    fps: Math.round(fps * 1000) / 1000,
    duration: Math.round(duration * 1_000_000) / 1_000_000,
    ...(packets.length === times.length ? {} : { listed: packets.length }),
    ...(packets[0]?.key === true ? {} : { keyless: true }),
  };
}

/** An open file, read in long stretches: most reads follow the one before. */
function fileSource(handle: number): Source {
  const { size } = fstatSync(handle);
  let from = 0;
  let held = new Uint8Array(0);
  return {
    size,
    read(at, length) {
      const end = Math.min(size, at + length);
      if (at < from || end > from + held.length) {
        held = new Uint8Array(Math.max(0, Math.min(size - at, Math.max(stretch, end - at))));
        from = at;
        held = held.subarray(0, fill(handle, held, at));
      }
      return held.subarray(at - from, Math.max(at, end) - from);
    },
  };
}

function fill(handle: number, bytes: Uint8Array, at: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(handle, bytes, filled, bytes.length - filled, at + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
