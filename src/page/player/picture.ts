import type { Side } from "../../shared/model/side.ts";
import type { Clip, Frame } from "./frames/clip.ts";
import { comparedPart } from "./frames/measure.ts";

/** Factor by which a difference is brightened: three doublings, so that barely visible differences stand out. */
export const amplification = 8;

/** An input image over the video. */
export interface Overlay {
  readonly side: Side;
  readonly way: "wipe" | "difference";
}

/** The canvas of one clip. It shows any frame, alone or against an image. */
export class Picture {
  readonly #clip: Clip;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageBitmap | undefined;
  #way: Overlay["way"] | undefined;
  /** Share of the width that shows the image in a wipe. */
  #divider = 0.5;
  #wanted = 0;
  /** The frame on screen, kept so that moving the divider needs no decoding. */
  #frame: Frame | undefined;

  /** @throws Error if the page has no canvas. */
  constructor(clip: Clip, canvas: HTMLCanvasElement) {
    this.#clip = clip;
    canvas.width = clip.size.width;
    canvas.height = clip.size.height;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) {
      throw new Error("no canvas");
    }
    this.#context = context;
  }

  /**
   * Shows a frame, counted from 0, or the last frame if the clip is shorter.
   * @returns false if another frame was requested meanwhile
   * @throws Error if the frame cannot be decoded.
   */
  async show(index: number): Promise<boolean> {
    const mine = Math.min(index, this.#clip.count - 1);
    this.#wanted = mine;
    const frame = await this.#clip.frame(mine);
    if (this.#wanted !== mine) {
      frame.close();
      return false;
    }
    this.#frame?.close();
    this.#frame = frame;
    this.#draw();
    return true;
  }

  /**
   * Shows the first frame that can be decoded, and returns its index.
   * @throws Error if none of the first frames can be decoded.
   */
  async showFirst(): Promise<number> {
    // A decoder knows at once which frames are lost, but an element has to try each one, which takes time.
    const last = this.#clip.way === "decoder" ? this.#clip.count - 1 : Math.min(this.#clip.count - 1, 3);
    for (let index = 0; index < last; index++) {
      try {
        await this.show(index);
        return index;
      } catch {
        // The next frame may still be decodable.
      }
    }
    await this.show(last);
    return last;
  }

  /** Puts an image over the video, or removes it. */
  compare(image: ImageBitmap | undefined, way: Overlay["way"] | undefined, divider: number): void {
    this.#image = image;
    this.#way = way;
    this.#divider = divider;
    this.#draw();
  }

  /** A frame without any overlay, at its own size, as PNG. */
  async png(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const { width, height } = this.#clip.size;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) {
      throw new Error("no canvas");
    }
    const frame = await this.#clip.frame(index);
    frame.draw(context);
    frame.close();
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return new Uint8Array(await blob.arrayBuffer());
  }

  close(): void {
    this.#frame?.close();
    this.#frame = undefined;
  }

  #draw(): void {
    const { width, height } = this.#clip.size;
    const context = this.#context;
    context.globalCompositeOperation = "copy";
    this.#frame?.draw(context);
    const image = this.#image;
    const part = image && comparedPart(image, this.#clip.size);
    if (image === undefined || part === undefined || this.#way === undefined) {
      return;
    }
    if (this.#way === "wipe") {
      const shown = Math.round(width * this.#divider);
      context.globalCompositeOperation = "source-over";
      if (shown > 0) {
        context.drawImage(image, part.x, part.y, shown, height, 0, 0, shown, height);
      }
      return;
    }
    context.globalCompositeOperation = "difference";
    context.drawImage(image, -part.x, -part.y);
    context.globalCompositeOperation = "lighter";
    for (let factor = 1; factor < amplification; factor *= 2) {
      context.drawImage(context.canvas, 0, 0);
    }
  }
}
