import type { Size } from "../../src/model/parameters.ts";
import { type Clip, type Frame, rateOf, type Timeline } from "./frames.ts";

/**
 * Where the page has no decoder of its own (a page that came over plain http has none): a video element, sought to the
 * middle of each frame's time, which no rounding can move into another frame.
 */
export class ElementClip implements Clip {
  readonly size: Size;
  readonly count: number;
  readonly fps: number;
  readonly way = "element";
  readonly #timeline: Timeline;
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  /** One after the other: an element can be in one place only. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws Error when the element cannot play the video either. */
  static async open(bytes: Uint8Array<ArrayBuffer>, size: Size, timeline: Timeline): Promise<ElementClip> {
    const clip = new ElementClip(bytes, size, timeline);
    const opened = Promise.withResolvers<void>();
    clip.#video.addEventListener("loadeddata", () => opened.resolve(), { once: true });
    clip.#video.addEventListener("error", () => opened.reject(new Error("the video cannot be played here")));
    clip.#video.src = clip.#url;
    try {
      await opened.promise;
    } catch (error) {
      clip.close();
      throw error;
    }
    return clip;
  }

  private constructor(bytes: Uint8Array<ArrayBuffer>, size: Size, timeline: Timeline) {
    this.size = size;
    this.count = timeline.times.length;
    this.fps = rateOf(timeline);
    this.#timeline = timeline;
    this.#url = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    this.#video = document.createElement("video");
    this.#video.muted = true;
    this.#video.preload = "auto";
  }

  frame(index: number): Promise<Frame> {
    const picture = this.#last.then(() => this.#seek(index));
    this.#last = picture.catch(() => undefined);
    return picture;
  }

  /** The element keeps what it likes. */
  work(): void {}
  rest(): void {}

  close(): void {
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  async #seek(index: number): Promise<Frame> {
    const middle = (this.#timeline.times[index] ?? 0) + (this.#timeline.durations[index] ?? 0) / 2;
    const presented = Promise.withResolvers<void>();
    if (Math.abs(this.#video.currentTime - middle) > 1e-6) {
      const sought = Promise.withResolvers<void>();
      this.#video.addEventListener("seeked", () => sought.resolve(), { once: true });
      this.#video.requestVideoFrameCallback(() => presented.resolve());
      this.#video.currentTime = middle;
      await sought.promise;
    } else {
      presented.resolve();
    }
    // Once in some hundred times a browser says that it has sought, and still shows the frame before.
    let frame = new VideoFrame(this.#video);
    if (!this.#is(frame, index)) {
      frame.close();
      await presented.promise;
      frame = new VideoFrame(this.#video);
    }
    if (!this.#is(frame, index)) {
      frame.close();
      throw new Error(`the video does not show frame ${index}`);
    }
    return { draw: (context) => context.drawImage(frame, 0, 0), close: () => frame.close() };
  }

  #is({ timestamp }: VideoFrame, index: number): boolean {
    const { times, durations } = this.#timeline;
    return Math.abs(timestamp / 1e6 - (times[index] ?? 0)) < (durations[index] ?? 0) / 2;
  }
}
