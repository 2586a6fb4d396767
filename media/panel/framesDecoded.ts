import { type InputVideoTrack, type VideoSample, VideoSampleSink } from "mediabunny";
import type { Size } from "../../src/model/parameters.ts";
import { type Clip, type Frame, keyBefore, rateOf, type Timeline } from "./frames.ts";

/** Bytes of decoded frames that a clip keeps at most: all of the longest video that the service makes (141 of 1280×720). */
const budget = 256 * 1024 * 1024;

/** A frame's pixels as the decoder gave them. */
class Picture implements Frame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #init: VideoFrameBufferInit;

  constructor(bytes: Uint8Array<ArrayBuffer>, init: VideoFrameBufferInit) {
    this.bytes = bytes;
    this.#init = init;
  }

  draw(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void {
    const frame = new VideoFrame(this.bytes, this.#init);
    context.drawImage(frame, 0, 0);
    frame.close();
  }

  /** Shared by all who asked for it: the clip lets go of it. */
  close(): void {}
}

/** One pass of the decoder, from a key frame forward. */
interface Pass {
  /** The index whose frame comes next. */
  next: number;
  stopped: boolean;
}

/**
 * Decodes with WebCodecs. A frame's index is the rank of its presentation time among all frames that the container lists,
 * and the decoder hands each frame out under that time: what is shown as frame n is frame n of the file.
 */
export class DecodedClip implements Clip {
  readonly size: Size;
  readonly count: number;
  readonly fps: number;
  readonly way = "decoder";
  readonly #timeline: Timeline;
  readonly #sink: VideoSampleSink;
  readonly #dispose: () => void;
  readonly #indexes: ReadonlyMap<number, number>;
  readonly #kept = new Map<number, Picture>();
  readonly #waiting = new Map<number, PromiseWithResolvers<Picture>>();
  #pass: Pass | undefined;
  #moved: PromiseWithResolvers<void> = Promise.withResolvers();
  #wanted = 0;
  #ahead = false;
  #capacity = Number.POSITIVE_INFINITY;

  constructor(track: InputVideoTrack, size: Size, timeline: Timeline, dispose: () => void) {
    this.size = size;
    this.count = timeline.times.length;
    this.fps = rateOf(timeline);
    this.#timeline = timeline;
    this.#sink = new VideoSampleSink(track);
    this.#dispose = dispose;
    this.#indexes = new Map(timeline.times.map((time, index) => [microseconds(time), index]));
  }

  async frame(index: number): Promise<Frame> {
    this.#wanted = index;
    this.#moved.resolve();
    const kept = this.#kept.get(index);
    if (kept !== undefined) {
      return kept;
    }
    const waiting = this.#waiting.get(index) ?? Promise.withResolvers<Picture>();
    this.#waiting.set(index, waiting);
    // All that is asked for in one go is decoded in one pass.
    await Promise.resolve();
    this.#decode();
    return await waiting.promise;
  }

  work(): void {
    this.#ahead = true;
    this.#decode();
  }

  rest(): void {
    this.#ahead = false;
    this.#kept.clear();
    if (this.#waiting.size === 0) {
      this.#stop();
    }
  }

  close(): void {
    this.rest();
    this.#stop();
    for (const waiting of this.#waiting.values()) {
      waiting.promise.catch(() => undefined);
      waiting.reject(new Error("closed"));
    }
    this.#waiting.clear();
    this.#dispose();
  }

  /** Sees to it that a pass is under way that meets the next frame that is needed. */
  #decode(): void {
    const needed = this.#needed();
    if (needed === undefined) {
      return;
    }
    const key = keyBefore(this.#timeline, needed);
    if (this.#pass !== undefined && this.#pass.next <= needed && this.#pass.next >= key) {
      return;
    }
    this.#stop();
    const pass: Pass = { next: key, stopped: false };
    this.#pass = pass;
    void this.#run(pass);
  }

  #needed(): number | undefined {
    if (this.#waiting.size > 0) {
      return Math.min(...this.#waiting.keys());
    }
    if (!this.#ahead) {
      return undefined;
    }
    for (let index = this.#wanted; index < Math.min(this.count, this.#wanted + this.#reach()); index++) {
      if (!this.#kept.has(index)) {
        return index;
      }
    }
    return this.#capacity >= this.count && this.#kept.size < this.count ? 0 : undefined;
  }

  /** How many frames from the wanted one on are kept at hand; what is left of the capacity lies behind it. */
  #reach(): number {
    return this.#capacity >= this.count ? this.count : Math.max(1, Math.floor(this.#capacity * 0.6));
  }

  #stop(): void {
    if (this.#pass !== undefined) {
      this.#pass.stopped = true;
      this.#pass = undefined;
      this.#moved.resolve();
    }
  }

  async #run(pass: Pass): Promise<void> {
    try {
      for await (const sample of this.#sink.samples(this.#timeline.times[pass.next])) {
        if (pass.stopped) {
          sample.close();
          return;
        }
        await this.#take(pass, sample);
        if (pass.stopped) {
          return;
        }
      }
      if (!pass.stopped && pass.next < this.count) {
        throw new Error(`the decoder ended before frame ${pass.next}`);
      }
    } catch (error) {
      if (!pass.stopped) {
        this.#fail(error);
      }
    }
    if (this.#pass === pass) {
      this.#pass = undefined;
      this.#decode();
    }
  }

  async #take(pass: Pass, sample: VideoSample): Promise<void> {
    const index = this.#indexes.get(microseconds(sample.timestamp)) ?? pass.next;
    const waiting = this.#waiting.get(index);
    if (waiting === undefined && (!this.#ahead || this.#kept.has(index))) {
      sample.close();
    } else {
      const picture = await pictureOf(sample);
      this.#capacity = Math.floor(budget / Math.max(1, picture.bytes.byteLength));
      if (this.#ahead) {
        this.#keep(index, picture);
      }
      this.#waiting.delete(index);
      waiting?.resolve(picture);
    }
    pass.next = index + 1;
    while (!pass.stopped && this.#waiting.size === 0) {
      if (!this.#ahead || this.#needed() === undefined) {
        this.#stop();
      } else if (pass.next > this.#wanted + this.#reach()) {
        this.#moved = Promise.withResolvers();
        await this.#moved.promise;
      } else {
        return;
      }
    }
  }

  #keep(index: number, picture: Picture): void {
    this.#kept.set(index, picture);
    if (this.#kept.size > this.#capacity) {
      const farthest = [...this.#kept.keys()].reduce((far, each) =>
        Math.abs(each - this.#wanted) > Math.abs(far - this.#wanted) ? each : far,
      );
      this.#kept.delete(farthest);
    }
  }

  #fail(error: unknown): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#ahead = false;
    for (const { reject } of waiting) {
      reject(error);
    }
  }
}

/** Times as the decoder keeps them: whole microseconds. */
function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6);
}

async function pictureOf(sample: VideoSample): Promise<Picture> {
  const frame = sample.toVideoFrame();
  sample.close();
  try {
    // A picture that lives on a graphics card has no format of its own.
    const format = frame.format ?? "RGBA";
    const options: VideoFrameCopyToOptions = frame.format === null ? { format: "RGBA" } : {};
    const bytes = new Uint8Array(frame.allocationSize(options));
    const layout = await frame.copyTo(bytes, options);
    return new Picture(bytes, {
      format,
      layout,
      codedWidth: frame.visibleRect?.width ?? frame.codedWidth,
      codedHeight: frame.visibleRect?.height ?? frame.codedHeight,
      displayWidth: frame.displayWidth,
      displayHeight: frame.displayHeight,
      timestamp: frame.timestamp,
      ...(frame.format === null ? {} : { colorSpace: frame.colorSpace.toJSON() }),
    });
  } finally {
    frame.close();
  }
}
