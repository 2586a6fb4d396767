import { image as imageRequest } from "../../shared/messages/pair.ts";
import { withPictureAnew } from "../state/framing.ts";
import type { Page } from "../state/page.ts";
import { sampleOf } from "../state/sample.ts";
import { type PairImage, pathsOf } from "../state/state.ts";

/** What the pictures need from the page. */
export type PictureAccess = Pick<Page, "ask" | "state" | "change" | "changeDraft" | "shownProblemOf">;

/** The pictures of the draft's files. Requests them from the host, and releases those that are no longer shown. */
export class Pictures {
  readonly #page: PictureAccess;
  readonly #arrived: () => void;
  /** Reads in progress, by path. Of two reads of one path, the newer counts. */
  readonly #readings = new Map<string, Promise<void>>();

  /** @param arrived called when a picture appears or replaces another */
  constructor(page: PictureAccess, arrived: () => void) {
    this.#page = page;
    this.#arrived = arrived;
  }

  /** Requests the draft's pictures that are not known yet, and releases those that it no longer uses. */
  look(): void {
    const state = this.#page.state();
    const paths = state === undefined ? [] : pathsOf(state.draft);
    for (const path of [...(state?.images.keys() ?? [])].filter((known) => !paths.includes(known))) {
      this.#readings.delete(path);
      this.#set(path, undefined);
    }
    for (const path of paths.filter((wanted) => state?.images.has(wanted) === false)) {
      void this.readAnew(path);
    }
  }

  /** Reads a file again. Its current picture stays until the new one arrives. */
  readAnew(path: string): Promise<void> {
    const reading = Promise.withResolvers<void>();
    this.#readings.set(path, reading.promise);
    if (this.#page.state()?.images.get(path)?.state !== "shown") {
      this.#set(path, { state: "loading" });
    }
    void this.#read(path, () => this.#readings.get(path) === reading.promise).finally(() => {
      if (this.#readings.get(path) === reading.promise) {
        this.#readings.delete(path);
      }
      reading.resolve();
    });
    return reading.promise;
  }

  /** Waits for the draft's pictures that are loading, and requests failed ones again. */
  async settle(): Promise<void> {
    const state = this.#page.state();
    for (const path of state === undefined ? [] : pathsOf(state.draft)) {
      if (state?.images.get(path)?.state === "failed" && !this.#readings.has(path)) {
        void this.readAnew(path);
      }
    }
    while (this.#readings.size > 0) {
      await Promise.all(this.#readings.values());
    }
  }

  async #read(path: string, counts: () => boolean): Promise<void> {
    try {
      const { bytes, mime, ...facts } = await this.#page.ask(imageRequest, { path });
      const picture = new Blob([bytes], { type: mime });
      // A picture can be shown without its small copy.
      const sample = await sampleOf(picture).catch(() => undefined);
      if (counts()) {
        const before = this.#page.state()?.images.get(path);
        // Only a picture that is shown gets an object URL, because the URL is revoked when the next picture replaces
        // it.
        this.#set(path, { state: "shown", url: URL.createObjectURL(picture), ...facts, sample });
        if (before?.state === "shown" && (before.width !== facts.width || before.height !== facts.height)) {
          this.#page.changeDraft((draft) => withPictureAnew(draft, path));
        }
        this.#arrived();
      }
    } catch (error) {
      if (counts()) {
        this.#set(path, { state: "failed", problem: this.#page.shownProblemOf(error) });
      }
    }
  }

  #set(path: string, image: PairImage | undefined): void {
    this.#page.change((state) => {
      const before = state.images.get(path);
      if (before?.state === "shown") {
        URL.revokeObjectURL(before.url);
      }
      const images = new Map(state.images);
      images.delete(path);
      return { ...state, images: image === undefined ? images : images.set(path, image) };
    });
  }
}
