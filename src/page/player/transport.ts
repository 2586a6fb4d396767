import type { Clip } from "./frames/clip.ts";
import { advanced, newPlayhead, type Playhead } from "./playhead.ts";

/** What a transport moves. */
export interface TransportTarget {
  readonly clips: readonly Clip[];
  /** Shows a frame, counted from 0, in all its pictures; true once that very frame is on screen. */
  show(frame: number): Promise<boolean>;
  /** Called before its clips begin to keep frames in memory. */
  claim(): void;
  /** Called when the head, or the frame on screen, has changed. */
  moved(): void;
}

/** Runs a head by the clock of the screen, and lets go of everything when nobody can see it. */
export class Transport {
  head: Playhead;
  /** The frame on screen. */
  shown = 0;
  readonly #target: TransportTarget;
  #ticking = 0;
  #before: number | undefined;
  #showing = false;

  /** @param first the frame on screen, where that is not the first one */
  constructor(target: TransportTarget, first = 0) {
    this.#target = target;
    const [clip] = target.clips;
    this.head = { ...newPlayhead(Math.max(...target.clips.map(({ count }) => count)), clip?.fps ?? 1), frame: first };
    this.shown = first;
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  /** Moves the head, and the picture with it. */
  change(head: Playhead): void {
    this.head = head;
    this.#work();
    if (head.playing) {
      this.#tick();
    }
    void this.#show();
    this.#target.moved();
  }

  /** Stands still and frees the memory: for when nobody can see it. */
  rest(): void {
    cancelAnimationFrame(this.#ticking);
    this.#ticking = 0;
    this.#before = undefined;
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
    if (document.hidden) {
      this.rest();
    }
  };

  #work(): void {
    this.#target.claim();
    for (const clip of this.#target.clips) {
      clip.work();
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
      this.#before = undefined;
      return;
    }
    // While a frame is still on its way the head waits for it: a slow machine plays slower, and skips nothing.
    if (!this.#showing && this.#before !== undefined) {
      const { frame, playing } = this.head;
      this.head = advanced(this.head, (now - this.#before) / 1000);
      if (this.head.frame !== frame) {
        void this.#show();
      }
      if (this.head.playing !== playing) {
        this.#target.moved();
      }
    }
    this.#before = now;
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
