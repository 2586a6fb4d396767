import { isHidden } from "../kit/hidden.ts";
import type { Clip } from "./frames/clip.ts";
import { advanced, newPlayhead, type Playhead } from "./playhead.ts";

/** What a transport controls. */
export interface TransportTarget {
  readonly clips: readonly Clip[];
  /** Shows a frame, counted from 0, on all pictures. True if that very frame is now on screen. */
  show(frame: number): Promise<boolean>;
  /** Called before the clips begin to keep frames in memory. */
  claim(): void;
  /** Called when the playhead or the frame on screen has changed. */
  moved(): void;
}

/** Moves a playhead by the screen's clock, and releases all frames when nobody can see the player. */
export class Transport {
  head: Playhead;
  /** The frame on screen. */
  shown = 0;
  readonly #target: TransportTarget;
  #ticking = 0;
  #lastTick: number | undefined;
  #showing = false;

  /** @param first the frame on screen, if it is not the first one */
  constructor(target: TransportTarget, first = 0) {
    this.#target = target;
    const [clip] = target.clips;
    this.head = { ...newPlayhead(Math.max(...target.clips.map(({ count }) => count)), clip?.fps ?? 1), frame: first };
    this.shown = first;
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  /** Moves the playhead, and the picture with it. */
  change(head: Playhead): void {
    this.head = head;
    this.#work();
    if (head.playing) {
      this.#tick();
    }
    void this.#show();
    this.#target.moved();
  }

  /** Pauses and frees the memory. Used when nobody can see the player. */
  rest(): void {
    cancelAnimationFrame(this.#ticking);
    this.#ticking = 0;
    this.#lastTick = undefined;
    for (const clip of this.#target.clips) {
      clip.rest();
    }
    if (this.head.playing) {
      this.head = { ...this.head, playing: false };
      this.#target.moved();
    }
  }

  close(): void {
    this.head = { ...this.head, playing: false };
    this.rest();
    document.removeEventListener("visibilitychange", this.#onVisibility);
  }

  readonly #onVisibility = () => {
    if (isHidden()) {
      this.rest();
    }
  };

  #work(): void {
    this.#target.claim();
    for (const clip of this.#target.clips) {
      clip.work(1 / this.#target.clips.length);
    }
  }

  #tick(): void {
    if (this.#ticking === 0) {
      this.#ticking = requestAnimationFrame((now) => {
        this.#ticking = 0;
        this.#advance(now);
      });
    }
  }

  #advance(now: number): void {
    if (!this.head.playing) {
      this.#lastTick = undefined;
      return;
    }
    // The playhead waits for a frame that is not on screen yet: a slow machine plays slower but skips nothing.
    if (!this.#showing && this.#lastTick !== undefined) {
      const { frame, playing } = this.head;
      this.head = advanced(this.head, (now - this.#lastTick) / 1000);
      if (this.head.frame !== frame) {
        void this.#show();
      }
      if (this.head.playing !== playing) {
        this.#target.moved();
      }
    }
    this.#lastTick = now;
    this.#tick();
  }

  async #show(): Promise<void> {
    const { frame } = this.head;
    this.#showing = true;
    const isShown = await this.#target.show(frame);
    if (this.head.frame === frame) {
      this.#showing = false;
    }
    if (isShown) {
      this.shown = frame;
      this.#target.moved();
    }
  }
}
