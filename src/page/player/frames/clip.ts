/** A video as its frames. Frame indexes count from 0 in presentation order; people read them from 1. */
import type { Size } from "../../../shared/model/size.ts";

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
  /** How many frames are shown. */
  readonly count: number;
  /** Frames per second. */
  readonly fps: number;
  /** `decoder`: decoded here, one by one. `element`: sought with a video element, exact too but slow. */
  readonly way: "decoder" | "element";
  /**
   * The frame of an index from 0 to `count - 1`. Always settles, at the latest when the clip is closed.
   * @throws Error when it cannot be decoded; the others may still be.
   */
  frame(index: number): Promise<Frame>;
  /** Decodes ahead and keeps the frames, as far as memory allows, so that any of them is there at once. */
  work(): void;
  /** Lets go of all frames and stops decoding, until a frame is asked for. */
  rest(): void;
  /** The end: frees everything. */
  close(): void;
}
