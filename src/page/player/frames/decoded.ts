import type { Size } from "../../../shared/model/size.ts";
import type { Movie, Packet } from "../../../shared/video/timeline.ts";
import type { Clip, Frame } from "./clip.ts";
import { DecoderPass } from "./decoderPass.ts";

/**
 * Maximum bytes of decoded frames that a player keeps of all its clips: all frames of the longest video that the service
 * makes (141 of 1280×720).
 */
const budget = 256 * 1024 * 1024;

/** A frame's pixels as the decoder returned them. */
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

  /** All callers that requested the frame share it, so the clip releases it. */
  close(): void {}
}

/**
 * Decodes with WebCodecs. Each frame carries its rank in presentation order through the decoder, so that frame n on
 * screen is frame n of the file, whatever its timestamp. A frame that cannot be decoded is lost alone, or together with
 * the frames that depend on it.
 */
export class DecodedClip implements Clip {
  readonly size: Size;
  readonly count: number;
  readonly fps: number;
  readonly way = "decoder";
  readonly #movie: Movie;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #config: VideoDecoderConfig;
  /** For each frame, its place in decode order and the place where decoding must begin for it. */
  readonly #places: readonly number[];
  readonly #starts: readonly (number | undefined)[];
  readonly #kept = new Map<number, Picture>();
  readonly #lost = new Set<number>();
  /** Places at which decoders fail. */
  readonly #broken = new Set<number>();
  /** The start of a pass that failed. The next pass from there is careful. */
  #failedStart: number | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<Picture>>();
  #pass: DecoderPass | undefined;
  #moved: PromiseWithResolvers<void> = Promise.withResolvers();
  #wanted = 0;
  #ahead = false;
  #share = 1;
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
    // Lets all requests of the same turn share one pass.
    await Promise.resolve();
    this.#decode();
    return await waiting.promise;
  }

  work(share: number): void {
    this.#ahead = true;
    this.#share = share;
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

  /** Makes sure that a pass is running that will reach the next needed frame. */
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
      share: this.#share,
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

  /** How many frames are kept from the wanted one on. The rest of the capacity holds frames before it. */
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

  /**
   * A decoder reports late which packet it failed at. A careful pass looks for that packet, which may turn out to be an
   * earlier one.
   */
  #failed(pass: DecoderPass, place: number): void {
    if (pass.isCareful) {
      this.#break(place);
    } else {
      this.#failedStart = pass.start;
    }
  }

  /** Marks a packet as broken, and all frames as lost that cannot be decoded without it. */
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
      this.#capacity = Math.max(1, Math.floor((budget * this.#share) / Math.max(1, picture.bytes.byteLength)));
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
 * For each place in decode order, the place where decoding must begin: the last key frame that is shown no later. A
 * frame that is decoded after a key frame but shown before it depends on the previous key frame. Undefined if there is
 * none.
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
    // A frame in GPU memory may have no format.
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
