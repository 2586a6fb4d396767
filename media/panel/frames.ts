/** A video as its frames. Frame indexes count from 0 in presentation order; people read them from 1. */
import type { Size } from "../../src/model/parameters.ts";

/** One decoded frame. To be closed when it is no longer needed. */
export interface Frame {
  /** Draws it at its own size into the top left corner. */
  draw(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void;
  close(): void;
}

/** A video that gives any of its frames exactly. */
export interface Clip {
  /** Pixels as shown. */
  readonly size: Size;
  /** How many frames the file holds. */
  readonly count: number;
  /** Frames per second. */
  readonly fps: number;
  /** `decoder`: decoded here, one by one. `element`: sought with a video element, exact too but slow. */
  readonly way: "decoder" | "element";
  /**
   * The frame of an index from 0 to `count - 1`.
   * @throws Error when it cannot be decoded.
   */
  frame(index: number): Promise<Frame>;
  /** Decodes ahead and keeps the frames, as far as memory allows, so that any of them is there at once. */
  work(): void;
  /** Lets go of all frames and stops decoding, until a frame is asked for. */
  rest(): void;
  /** The end: frees everything. */
  close(): void;
}

/** What the container says of a video's frames. */
export interface Timeline {
  /** Seconds at which each frame begins, ascending. */
  readonly times: readonly number[];
  /** Seconds. */
  readonly durations: readonly number[];
  /** Whether decoding can begin at a frame. */
  readonly keys: readonly boolean[];
}

/** Frames per second on average. */
export function rateOf({ times, durations }: Timeline): number {
  const span = (times.at(-1) ?? 0) + (durations.at(-1) ?? 0) - (times[0] ?? 0);
  return span > 0 ? times.length / span : 1;
}

/** The last frame at or before an index with which decoding can begin. */
export function keyBefore({ keys }: Timeline, index: number): number {
  return Math.max(0, keys.lastIndexOf(true, index));
}
