import type { Size } from "../../../shared/model/size.ts";
import type { Movie } from "../../../shared/video/timeline.ts";
import type { Clip, Frame } from "./clip.ts";

/** How long the element may take for one move, ms: long for a slow machine, and no longer than a person waits. */
const patience = 8000;

/**
 * Where the page has no decoder of its own (a page that came over plain http has none): a video element, sought to the
 * middle of each frame's time, and on from there where it then shows another frame. What it shows is told by the frame's own
 * time: never a wrong picture.
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
  /** One after the other: an element can be in one place only. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws Error when the element cannot play the video either. */
  static async open(bytes: Uint8Array<ArrayBuffer>, movie: Movie): Promise<ElementClip> {
    const clip = new ElementClip(bytes, movie);
    try {
      await clip.#load();
      // Sound alone can be played of what has pictures that cannot.
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

  /** The element keeps what it likes. */
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
   * Waits for what a move leads to.
   * @throws Error where the element fails, the clip is closed or nothing comes of it.
   */
  async #within(move: (done: () => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const failed = () => reject(new Error(this.#video.error?.message ?? "the video cannot be played here"));
    const timer = setTimeout(() => reject(new Error("the video did not move")), patience);
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
    // After an error it goes nowhere any more; what it could show before, it can show anew.
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
      // The second time as far on, or back, as the frame on screen is away from the one that is asked for.
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
   * Plays slowly from an earlier frame on: one that hangs on what comes before a key frame is skipped by a leap to it, and
   * not by going there.
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
      // Now and then a browser says that it has sought and still shows the frame before; and where it shows the same one
      // again, it presents nothing.
      frame.close();
      await Promise.race([presented.promise, soon()]);
      frame = new VideoFrame(this.#video);
    }
    return frame;
  }

  /** The frame that is on screen, by its own time. */
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

/** A moment in which a page that is in sight has drawn what it has. */
function soon(): Promise<void> {
  return new Promise((done) => setTimeout(done, 500));
}
