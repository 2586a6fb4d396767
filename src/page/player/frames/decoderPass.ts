import type { Packet } from "../../../shared/video/timeline.ts";

/** A result of a pass: a frame, the places whose frames will not come, or the place at which the decoder failed. */
export type PassEvent =
  | { readonly kind: "frame"; readonly place: number; readonly frame: VideoFrame }
  | { readonly kind: "lost"; readonly places: readonly number[] }
  | { readonly kind: "failed"; readonly place: number };

export interface PassOptions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packets: readonly Packet[];
  readonly config: VideoDecoderConfig;
  /** Where to begin: the place of a key frame. */
  readonly start: number;
  /** Places that no decoder accepts. The pass ends before them. */
  readonly broken: ReadonlySet<number>;
  /** Feeds one packet at a time, to find the one at which the decoder fails. */
  readonly isCareful: boolean;
  /** Of the frames that all passes of a player may hold, 0..1. */
  readonly share: number;
}

/** Maximum number of frames that a decoder holds back to reorder them. */
const maxReordered = 16;

/** Maximum number of packets in the queues of a player's decoders, and how many each may have in any case. */
const maxQueued = 12;
const leastQueued = 3;

/**
 * Interval between the timestamps of consecutive ranks, in microseconds. Some decoders take the smallest differences
 * for rounding errors.
 */
const timestampStep = 1000;

/**
 * One pass of the decoder over the packets, forward from a key frame. A place is the index of a packet in decode order.
 * Every place that was fed comes out as a frame or as lost, unless the decoder fails.
 */
export class DecoderPass {
  isStopped = false;
  readonly isCareful: boolean;
  readonly start: number;
  readonly #most: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #packets: readonly Packet[];
  readonly #broken: ReadonlySet<number>;
  readonly #decoder: VideoDecoder;
  /** Places that were fed and have not come out yet, by rank. */
  readonly #open = new Map<number, number>();
  readonly #frames: VideoFrame[] = [];
  #next: number;
  #failed: DOMException | undefined;
  #hasGiven = false;
  #flushed = false;
  #isFlushing = false;
  #happened: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor({ bytes, packets, config, start, broken, isCareful, share }: PassOptions) {
    this.#bytes = bytes;
    this.#packets = packets;
    this.#broken = broken;
    this.isCareful = isCareful;
    this.start = start;
    this.#next = start;
    this.#most = isCareful ? 1 : Math.max(leastQueued, Math.round(maxQueued * share));
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        if (this.isStopped) {
          frame.close();
        } else {
          this.#frames.push(frame);
          this.#happened.resolve();
        }
      },
      error: (error) => {
        this.#failed = error;
        this.#happened.resolve();
      },
    });
    this.#decoder.addEventListener("dequeue", () => this.#happened.resolve());
    this.#decoder.configure(config);
  }

  /** True if this pass has yet to output the frame at a place, and will do so sooner than a new pass from `start`. */
  meets(place: number, start: number): boolean {
    if (this.isStopped || place < this.start) {
      return false;
    }
    return place >= this.#next ? start <= this.#next : this.#open.has(this.#packets[place]?.rank ?? 0);
  }

  stop(): void {
    if (!this.isStopped) {
      this.isStopped = true;
      if (this.#decoder.state !== "closed") {
        this.#decoder.close();
      }
      for (const frame of this.#frames.splice(0)) {
        frame.close();
      }
      this.#happened.resolve();
    }
  }

  /** Yields results until the end of the file or {@link stop}. The caller closes the frames. */
  async *events(): AsyncGenerator<PassEvent, void> {
    while (!this.isStopped) {
      const frame = this.#frames.shift();
      if (frame !== undefined) {
        const rank = Math.round(frame.timestamp / timestampStep);
        const place = this.#open.get(rank);
        this.#open.delete(rank);
        if (place === undefined) {
          frame.close();
        } else {
          this.#hasGiven = true;
          yield { kind: "frame", place, frame };
        }
        const gone = [...this.#open.keys()].filter((each) => each < rank - maxReordered);
        if (gone.length > 0) {
          yield { kind: "lost", places: this.#take(gone) };
        }
      } else if (this.#failed !== undefined) {
        // Browsers reclaim decoders that were idle. The file is not at fault.
        if (this.#failed.name !== "QuotaExceededError" || !this.#hasGiven) {
          yield { kind: "failed", place: Math.max(this.start, this.#next - 1) };
        }
        return;
      } else if (this.#flushed) {
        yield { kind: "lost", places: this.#take([...this.#open.keys()]) };
        return;
      } else if (!this.#feed()) {
        await this.#happened.promise;
        this.#happened = Promise.withResolvers();
      }
    }
  }

  /** Feeds the next packet. Returns false if it has to wait. */
  #feed(): boolean {
    if (this.#isFlushing || this.#decoder.state !== "configured" || this.#decoder.decodeQueueSize >= this.#most) {
      return false;
    }
    const place = this.#next;
    const packet = this.#packets[place];
    if (packet === undefined || this.#broken.has(place)) {
      this.#isFlushing = true;
      this.#decoder.flush().then(
        () => {
          this.#flushed = true;
          this.#happened.resolve();
        },
        // The decoder's error callback reports the failure, or the decoder was closed.
        () => undefined,
      );
      return false;
    }
    this.#next += 1;
    if (packet.frame !== undefined) {
      this.#open.set(packet.rank, place);
    }
    try {
      this.#decoder.decode(
        new EncodedVideoChunk({
          type: packet.key ? "key" : "delta",
          timestamp: packet.rank * timestampStep,
          data: this.#bytes.subarray(packet.at, packet.at + packet.length),
        }),
      );
    } catch (error) {
      this.#failed = error instanceof DOMException ? error : new DOMException(String(error));
    }
    return true;
  }

  #take(ranks: readonly number[]): number[] {
    return ranks.flatMap((rank) => {
      const place = this.#open.get(rank);
      this.#open.delete(rank);
      return place === undefined ? [] : [place];
    });
  }
}
