import type { Size } from "../../../shared/model/size.ts";
import type { Movie } from "../../../shared/video/timeline.ts";
import type { Clip, Frame } from "./clip.ts";

/** Maximum time for one move of the element, ms: enough for a slow machine, and no longer than a person waits. */
const moveTimeout = 8000;

/**
 * A clip for pages without a decoder (a page served over plain HTTP has none). It seeks a video element to the middle
 * of each frame's time, and from there again if another frame is shown. It identifies the frame on screen by its own
 * timestamp, so it never returns a wrong picture.
 */
export class ElementClip implements Clip {
  readonly size: Size;
  readonly count: number;
  readonly fps: number;
  readonly way = "element";
  readonly #movie: Movie;
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #closed = Promise.withResolvers<never>();
  /** Requests run one after another, because an element can be at only one position. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws Error if the element cannot play the video either. */
  static async open(bytes: Uint8Array<ArrayBuffer>, movie: Movie): Promise<ElementClip> {
    const clip = new ElementClip(bytes, movie);
    try {
      await clip.#load();
      // An element also plays a file of which it can decode only the sound.
      if (clip.#video.videoWidth === 0) {
        throw new Error("the video cannot be played here");
      }
    } catch (error) {
      clip.close();
      throw error;
    }
    return clip;
  }

  private constructor(bytes: Uint8Array<ArrayBuffer>, movie: Movie) {
    this.size = { width: movie.width, height: movie.height };
    this.count = movie.times.length;
    this.fps = movie.fps;
    this.#movie = movie;
    this.#url = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    this.#video = document.createElement("video");
    this.#video.muted = true;
    this.#video.preload = "auto";
    this.#closed.promise.catch(() => undefined);
  }

  frame(index: number): Promise<Frame> {
    const picture = this.#last.then(() => this.#find(index));
    this.#last = picture.catch(() => undefined);
    return picture;
  }

  /** The element manages its frames itself. */
  work(): void {}
  rest(): void {}

  close(): void {
    this.#closed.reject(new Error("closed"));
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #load(): Promise<void> {
    return this.#within((done) => {
      this.#video.addEventListener("loadeddata", done, { once: true });
      this.#video.src = this.#url;
    });
  }

  /**
   * Makes a move and waits for its result.
   * @throws Error if the element fails, the clip is closed, or nothing happens in time.
   */
  async #within(move: (done: () => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const failed = () => reject(new Error(this.#video.error?.message ?? "the video cannot be played here"));
    const timer = setTimeout(() => reject(new Error("the video did not move")), moveTimeout);
    this.#video.addEventListener("error", failed);
    try {
      move(resolve);
      await Promise.race([promise, this.#closed.promise]);
    } finally {
      clearTimeout(timer);
      this.#video.removeEventListener("error", failed);
    }
  }

  async #find(index: number): Promise<Frame> {
    // An element that failed no longer moves, but it can show its frames again after a reload.
    if (this.#video.error !== null) {
      await this.#load();
    }
    const { times, durations } = this.#movie;
    const [time, duration] = [times[index] ?? 0, durations[index] ?? 0];
    const framed = (frame: VideoFrame): Frame => ({
      draw: (context) => context.drawImage(frame, 0, 0),
      close: () => frame.close(),
    });
    const middle = time + duration / 2;
    let away = 0;
    for (const target of [middle, undefined, time + duration / 100, time + (duration * 3) / 4]) {
      // The second attempt shifts the target by the distance between the frame on screen and the requested one.
      const frame = await this.#seek(target ?? Math.max(0, middle + away), index);
      if (this.#indexOf(frame) === index) {
        return framed(frame);
      }
      away = time - frame.timestamp / 1e6;
      frame.close();
    }
    for (const before of [1, 4]) {
      const frame = await this.#approach(index, Math.max(0, index - before));
      if (frame !== undefined) {
        return framed(frame);
      }
    }
    throw new Error(`the video does not show frame ${index}`);
  }

  /**
   * Plays slowly from an earlier frame. A seek skips a frame that depends on packets before a key frame; playing does
   * not.
   */
  async #approach(index: number, from: number): Promise<VideoFrame | undefined> {
    const { times, durations } = this.#movie;
    const first = await this.#seek((times[from] ?? 0) + (durations[from] ?? 0) / 2, from);
    const isBefore = (this.#indexOf(first) ?? index) < index;
    first.close();
    if (!isBefore) {
      return undefined;
    }
    let found: VideoFrame | undefined;
    try {
      await this.#within((done) => {
        const look = () => {
          const frame = new VideoFrame(this.#video);
          const shown = this.#indexOf(frame) ?? index + 1;
          if (shown === index) {
            found = frame;
          } else {
            frame.close();
          }
          if (shown >= index) {
            done();
          } else {
            this.#video.requestVideoFrameCallback(look);
          }
        };
        this.#video.requestVideoFrameCallback(look);
        this.#video.addEventListener("ended", done, { once: true });
        this.#video.playbackRate = 0.25;
        this.#video.play().catch(done);
      });
    } finally {
      this.#video.pause();
    }
    return found;
  }

  async #seek(target: number, index: number): Promise<VideoFrame> {
    const presented = Promise.withResolvers<void>();
    if (Math.abs(this.#video.currentTime - target) > 1e-6) {
      this.#video.requestVideoFrameCallback(() => presented.resolve());
      await this.#within((done) => {
        this.#video.addEventListener("seeked", done, { once: true });
        this.#video.currentTime = target;
      });
    } else {
      presented.resolve();
    }
    let frame = new VideoFrame(this.#video);
    if (this.#indexOf(frame) !== index) {
      // Browsers occasionally report a finished seek while the previous frame is still on screen. They present nothing
      // if the frame stays the same, so the wait must end by itself.
      frame.close();
      await Promise.race([presented.promise, timeToDraw()]);
      frame = new VideoFrame(this.#video);
    }
    return frame;
  }

  /** The index of the frame on screen, from its own timestamp. */
  #indexOf({ timestamp }: VideoFrame): number | undefined {
    const { times, durations } = this.#movie;
    const time = timestamp / 1e6;
    const found = times.findIndex((each, index) => {
      const [before, own] = [durations[index - 1] ?? durations[index] ?? 0, durations[index] ?? 0];
      return time > each - before / 2 && time < each + own / 2;
    });
    return found === -1 ? undefined : found;
  }
}

/** Waits until a visible page has had time to draw. */
function timeToDraw(): Promise<void> {
  return new Promise((done) => setTimeout(done, 500));
}
