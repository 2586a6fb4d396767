/** A video as its frames. Frame indexes count from 0 in presentation order; the user interface counts from 1. */
import type { Size } from "../../../shared/model/size.ts";

/** A decoded frame. Close it when it is no longer needed. */
export interface Frame {
  /** Draws the frame at its own size into the top left corner. */
  draw(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void;
  close(): void;
}

/** A video that returns any of its frames exactly. */
export interface Clip {
  /** In pixels, as shown. */
  readonly size: Size;
  /** Number of frames that are shown. */
  readonly count: number;
  /** Frames per second. */
  readonly fps: number;
  /** `decoder`: decoded here, frame by frame. `element`: sought with a video element, equally exact but slow. */
  readonly way: "decoder" | "element";
  /**
   * The frame at an index from 0 to `count - 1`. The promise always settles, at the latest when the clip is closed.
   * @throws Error if the frame cannot be decoded. Others may still be.
   */
  frame(index: number): Promise<Frame>;
  /**
   * Decodes ahead and keeps frames, as far as memory allows, so that each is available at once.
   * @param share of the memory that a player has for all its clips, 0..1
   */
  work(share: number): void;
  /** Releases all frames and stops decoding until a frame is requested. */
  rest(): void;
  /** Closes the clip and frees everything. */
  close(): void;
}
