import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isInList } from "../kit/lists.ts";
import { Visibility } from "../kit/visibility.ts";
import type { Clip } from "./frames/clip.ts";
import { Picture } from "./picture.ts";
import { afterKey, type HeadKey, playerKey } from "./playhead.ts";
import { Transport } from "./transport.ts";

/** Open videos: one picture per clip, all controlled by one transport. */
export interface OpenVideos {
  /** In the order of the canvases; undefined where a video cannot be opened. */
  readonly clips: readonly (Clip | undefined)[];
  readonly pictures: readonly Picture[];
  readonly transport: Transport;
}

/** The videos as far as a player has loaded them. */
type Shown = { readonly state: "waiting" } | { readonly state: "failed" } | ({ readonly state: "open" } & OpenVideos);

/** What a player plays. */
interface Program {
  /** Loads the videos, one for each canvas of the player, in order. A promise rejects if its video is gone. */
  readonly load: () => readonly Promise<{ readonly bytes: Uint8Array<ArrayBuffer> }>[];
  /** With fewer videos than this, nothing is shown. */
  readonly least: number;
  /** Shows the first picture and returns its frame number. Rejects if nothing can be shown. */
  readonly showFirst: (pictures: readonly Picture[]) => Promise<number>;
  /** Called when the videos are open. `isHere` tells whether they still are; `isUsed` is true if keys were pressed before. */
  readonly opened: (videos: OpenVideos, isHere: () => boolean, isUsed: boolean) => void;
}

/** The most keys that are kept until the videos are open. */
const mostEarly = 100;

/**
 * The life cycle of a player. It requests its videos when it comes into view. Out of view or in a hidden window, they
 * pause and keep no frames. Only one player at a time keeps frames in memory.
 */
export class Playback implements ReactiveController {
  static #working: Playback | undefined;
  shown: Shown = { state: "waiting" };
  /** The frame that could not be decoded, counted from 0. */
  frameLost: number | undefined;
  /** True while one pixel of the video is one screen pixel. */
  zoomed = false;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #program: Program;
  readonly #visibility: Visibility;
  /** A new object for each stay on the page. Whatever an earlier stay opened is closed. */
  #stay = {};
  /** True if the videos have been requested. */
  #asked = false;
  /** The keys that were pressed before the videos were open. */
  #early: HeadKey[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement, program: Program) {
    this.#host = host;
    this.#program = program;
    this.#visibility = new Visibility((isSeen) => this.#onSight(isSeen));
    host.addController(this);
  }

  get isSeen(): boolean {
    return this.#visibility.isSeen;
  }

  hostUpdated(): void {
    // The element itself may have no box of its own.
    const picture = this.#host.querySelector(".player");
    if (this.#host.isConnected && picture !== null) {
      this.#visibility.watch(picture);
    }
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#visibility.end();
    this.#stay = {};
    this.#asked = false;
    this.#early = [];
    if (this.shown.state === "open") {
      this.shown.transport.close();
      close(this.shown);
    }
    if (Playback.#working === this) {
      Playback.#working = undefined;
    }
    this.frameLost = undefined;
    this.#show({ state: "waiting" });
  }

  /** Reports that a frame, counted from 0, cannot be shown. */
  lose(frame: number): void {
    this.frameLost = frame;
    this.#host.requestUpdate();
  }

  readonly zoom = (): void => {
    this.zoomed = !this.zoomed;
    this.#host.requestUpdate();
  };

  readonly onKey = (event: KeyboardEvent): void => {
    const key = playerKey(event);
    if (key === undefined || this.shown.state === "failed" || ownsKey(event.target, event.key)) {
      return;
    }
    event.preventDefault();
    if (key.kind === "zoom") {
      this.zoom();
    } else if (!event.repeat || key.kind === "step") {
      this.#apply(key);
    }
  };

  #apply(key: HeadKey): void {
    if (this.shown.state === "open") {
      const { transport } = this.shown;
      transport.change(afterKey(transport.head, key));
    } else if (this.#early.length < mostEarly) {
      this.#early.push(key);
    }
  }

  #onSight(isSeen: boolean): void {
    if (isSeen && !this.#asked) {
      this.#asked = true;
      void this.#open();
    } else if (!isSeen && this.shown.state === "open") {
      this.shown.transport.rest();
    }
  }

  async #open(): Promise<void> {
    const stay = this.#stay;
    const isHere = () => this.#stay === stay;
    const clips = await this.#clips();
    const shownOn = isHere() ? await this.#putOn(clips).catch(() => undefined) : undefined;
    if (!isHere() || shownOn === undefined) {
      close({ clips, pictures: shownOn?.pictures ?? [] });
      if (isHere()) {
        this.#show({ state: "failed" });
      }
      return;
    }
    const { pictures, first } = shownOn;
    const transport = new Transport(
      {
        clips: openOf(clips),
        show: (frame) => this.#showFrame(pictures, frame),
        claim: () => this.#claim(),
        moved: () => this.#host.requestUpdate(),
      },
      first,
    );
    this.frameLost = first > 0 ? 0 : undefined;
    const videos = { clips, pictures, transport };
    this.#show({ state: "open", ...videos });
    const early = this.#early;
    this.#early = [];
    this.#program.opened(videos, isHere, early.length > 0);
    for (const key of early) {
      this.#apply(key);
    }
  }

  #show(shown: Shown): void {
    this.shown = shown;
    this.#host.requestUpdate();
  }

  async #clips(): Promise<(Clip | undefined)[]> {
    const opening = this.#program.load().map(async (loading) => {
      const [{ openClip }, { bytes }] = await Promise.all([import("./frames/openClip.ts"), loading]);
      return await openClip(bytes);
    });
    const opened = await Promise.allSettled(opening);
    return opened.map((each) => (each.status === "fulfilled" ? each.value : undefined));
  }

  /**
   * Puts each clip on its canvas.
   * @throws Error if too few can be shown. Then none is.
   */
  async #putOn(clips: OpenVideos["clips"]): Promise<{ pictures: readonly Picture[]; first: number }> {
    const canvases = [...this.#host.querySelectorAll("canvas")];
    if (openOf(clips).length < this.#program.least) {
      throw new Error("a video cannot be opened");
    }
    const pictures = canvases.flatMap((canvas, index) => {
      const clip = clips[index];
      return clip === undefined ? [] : [new Picture(clip, canvas)];
    });
    return { pictures, first: await this.#program.showFirst(pictures) };
  }

  async #showFrame(pictures: readonly Picture[], frame: number): Promise<boolean> {
    const shown = await Promise.allSettled(pictures.map((picture) => picture.show(frame)));
    const isLost = shown.some(({ status }) => status === "rejected");
    const isShown = shown.every((each) => each.status === "fulfilled" && each.value);
    if (isLost || isShown) {
      this.frameLost = isLost && this.#host.isConnected ? frame : undefined;
      this.#host.requestUpdate();
    }
    return isShown;
  }

  /** Makes this player the one that keeps frames in memory. */
  #claim(): void {
    const working = Playback.#working;
    if (working !== this && working?.shown.state === "open") {
      working.shown.transport.rest();
    }
    Playback.#working = this;
  }
}

function close({ clips, pictures }: Pick<OpenVideos, "clips" | "pictures">): void {
  for (const each of [...pictures, ...openOf(clips)]) {
    each.close();
  }
}

function openOf(clips: OpenVideos["clips"]): Clip[] {
  return clips.filter((clip) => clip !== undefined);
}

/** True if a key belongs to the focused element and not to the player around it. */
function ownsKey(target: EventTarget | null, key: string): boolean {
  if (isInList(target)) {
    return true;
  }
  if (target instanceof HTMLButtonElement) {
    return key === " ";
  }
  return target instanceof HTMLElement && target.getAttribute("role") === "slider" && key !== " ";
}
