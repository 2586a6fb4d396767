import type { Size } from "../../../shared/model/size.ts";
import type { Movie, Packet } from "../../../shared/video/timeline.ts";
import type { Clip, Frame } from "./clip.ts";
import { DecoderPass } from "./decoderPass.ts";

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

/**
 * Decodes with WebCodecs. Frames carry their rank in presentation order through the decoder, so that what is shown as frame n
 * is frame n of the file, whatever their times are. One that cannot be decoded is lost alone, or with those that hang on it.
 */
export class DecodedClip implements Clip {
  readonly size: Size;
  readonly count: number;
  readonly fps: number;
  readonly way = "decoder";
  readonly #movie: Movie;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #config: VideoDecoderConfig;
  /** The place of each frame in the order of decoding, and the place at which decoding has to begin for it. */
  readonly #places: readonly number[];
  readonly #starts: readonly (number | undefined)[];
  readonly #kept = new Map<number, Picture>();
  readonly #lost = new Set<number>();
  /** Places at which decoders give up. */
  readonly #broken = new Set<number>();
  /** The start of a pass that failed: the next one from there is careful. */
  #failedStart: number | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<Picture>>();
  #pass: DecoderPass | undefined;
  #moved: PromiseWithResolvers<void> = Promise.withResolvers();
  #wanted = 0;
  #ahead = false;
  #isClosed = false;
  #capacity = Number.POSITIVE_INFINITY;

  constructor(bytes: Uint8Array<ArrayBuffer>, movie: Movie, config: VideoDecoderConfig) {
    this.size = { width: movie.width, height: movie.height };
    this.count = movie.times.length;
    this.fps = movie.fps;
    this.#bytes = bytes;
    this.#movie = movie;
    this.#config = config;
    const places: number[] = [];
    for (const [place, { frame }] of movie.packets.entries()) {
      if (frame !== undefined) {
        places[frame] = place;
      }
    }
    this.#places = places;
    const starts = startsOf(movie.packets);
    this.#starts = places.map((place) => starts[place]);
    for (const [place, { isBroken }] of movie.packets.entries()) {
      if (isBroken) {
        this.#break(place);
      }
    }
  }

  async frame(index: number): Promise<Frame> {
    this.#wanted = index;
    this.#moved.resolve();
    const kept = this.#kept.get(index);
    if (kept !== undefined) {
      return kept;
    }
    if (this.#isClosed || this.#isLost(index)) {
      throw new Error(`frame ${index} cannot be decoded`);
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
    this.#isClosed = true;
    this.rest();
    this.#stop();
    for (const waiting of this.#waiting.values()) {
      waiting.promise.catch(() => undefined);
      waiting.reject(new Error("closed"));
    }
    this.#waiting.clear();
  }

  #isLost(index: number): boolean {
    return this.#lost.has(index) || this.#starts[index] === undefined;
  }

  /** Sees to it that a pass is under way that meets the next frame that is needed. */
  #decode(): void {
    const needed = this.#needed();
    const start = needed === undefined ? undefined : this.#starts[needed];
    if (needed === undefined || start === undefined || this.#isClosed) {
      return;
    }
    if (this.#pass?.meets(this.#places[needed] ?? 0, start)) {
      return;
    }
    this.#stop();
    const pass = new DecoderPass({
      ...{ bytes: this.#bytes, packets: this.#movie.packets, config: this.#config, start, broken: this.#broken },
      isCareful: this.#failedStart === start,
    });
    this.#failedStart = undefined;
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
    const missing = (from: number, to: number) => {
      for (let index = from; index < to; index++) {
        if (!this.#kept.has(index) && !this.#isLost(index)) {
          return index;
        }
      }
      return undefined;
    };
    const next = missing(this.#wanted, Math.min(this.count, this.#wanted + this.#reach()));
    return next ?? (this.#capacity >= this.count ? missing(0, this.count) : undefined);
  }

  /** How many frames from the wanted one on are kept at hand; what is left of the capacity lies behind it. */
  #reach(): number {
    return this.#capacity >= this.count ? this.count : Math.max(1, Math.floor(this.#capacity * 0.6));
  }

  #stop(): void {
    if (this.#pass !== undefined) {
      this.#pass.stop();
      this.#pass = undefined;
      this.#moved.resolve();
    }
  }

  async #run(pass: DecoderPass): Promise<void> {
    try {
      for await (const event of pass.events()) {
        if (event.kind === "lost") {
          this.#lose(event.places.flatMap((place) => this.#movie.packets[place]?.frame ?? []));
        } else if (event.kind === "failed") {
          this.#failed(pass, event.place);
        } else {
          await this.#take(pass, event.place, event.frame);
        }
        if (pass.isStopped) {
          break;
        }
      }
    } finally {
      pass.stop();
    }
    if (this.#pass === pass) {
      this.#pass = undefined;
      this.#decode();
    }
  }

  /** A decoder tells late which packet it gave up at: it is looked for, and may be found to be an earlier one. */
  #failed(pass: DecoderPass, place: number): void {
    if (pass.isCareful) {
      this.#break(place);
    } else {
      this.#failedStart = pass.start;
    }
  }

  /** Loses what cannot be decoded without the packet at a place. */
  #break(place: number): void {
    this.#broken.add(place);
    this.#lose(
      this.#places.flatMap((each, index) => ((this.#starts[index] ?? each) <= place && place <= each ? [index] : [])),
    );
  }

  #lose(indexes: readonly number[]): void {
    for (const index of indexes.filter((each) => !this.#kept.has(each))) {
      this.#lost.add(index);
      const waiting = this.#waiting.get(index);
      this.#waiting.delete(index);
      waiting?.reject(new Error(`frame ${index} cannot be decoded`));
    }
  }

  async #take(pass: DecoderPass, place: number, frame: VideoFrame): Promise<void> {
    const index = this.#movie.packets[place]?.frame;
    const waiting = index === undefined ? undefined : this.#waiting.get(index);
    if (index === undefined || (waiting === undefined && (!this.#ahead || this.#kept.has(index)))) {
      frame.close();
    } else {
      const picture = await pictureOf(frame);
      this.#capacity = Math.floor(budget / Math.max(1, picture.bytes.byteLength));
      if (this.#ahead) {
        this.#keep(index, picture);
      }
      this.#lost.delete(index);
      this.#waiting.delete(index);
      waiting?.resolve(picture);
    }
    while (!pass.isStopped && this.#waiting.size === 0) {
      if (!this.#ahead || this.#needed() === undefined) {
        this.#stop();
      } else if (index !== undefined && index + 1 > this.#wanted + this.#reach()) {
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
}

/**
 * For each place in the order of decoding, the one at which to begin: the last key frame that is shown no later, since what
 * is shown before a key frame and decoded after it hangs on the one before. Undefined where there is none.
 */
function startsOf(packets: readonly Packet[]): (number | undefined)[] {
  let latest: number | undefined;
  let before: number | undefined;
  return packets.map(({ key, rank }, place) => {
    if (key) {
      before = latest;
      latest = place;
    }
    const isLeading = latest !== undefined && rank < (packets[latest]?.rank ?? 0);
    return isLeading ? (before ?? latest) : latest;
  });
}

async function pictureOf(frame: VideoFrame): Promise<Picture> {
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
