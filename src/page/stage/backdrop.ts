import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { input } from "../../shared/messages/videos.ts";
import { type Side, sides } from "../../shared/model/side.ts";
import type { Ask } from "../kit/host.ts";
import { elementWith, given, own } from "../kit/properties.ts";

/** Addresses of the two images, as far as they are known. */
export type Pictures = { readonly [S in Side]?: string | undefined };

/** The two images of a video that is not there (yet), in one picture that goes from the one to the other. */
class BackdropElement extends elementWith({
  /** The job whose images these are. Undefined while the video is made from the form and has no job yet. */
  job: given<JobView | undefined>(),
  /** What stands in until there are copies of the images as they were sent. */
  standIn: given<Pictures | undefined>(),
  ask: given<Ask>(),
  /** The copies of the images as they were sent. */
  copies: own<Pictures>({}),
}) {
  /** The pair that {@link copies} belong to, and whether both are there. */
  #pair: string | undefined;
  /** The job and its state for which copies were asked for last. */
  #asked: string | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked = undefined;
    this.#take({}, undefined);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { job } = this;
    if (job === undefined) {
      return;
    }
    if (this.#pair !== job.pair) {
      this.#take({}, undefined);
    }
    // Copies are made while a job is prepared, so what was missing then may be there in the next state.
    const wanted = `${job.id} ${job.state}`;
    if (wanted !== this.#asked && sides.some((side) => this.copies[side] === undefined)) {
      this.#asked = wanted;
      void this.#load(job);
    }
  }

  protected override render(): TemplateResult {
    return html`${sides.map((side) => {
      const url = (this.job && this.copies[side]) ?? this.standIn?.[side];
      return url === undefined ? nothing : html`<img class=${side} src=${url} alt="" />`;
    })}`;
  }

  async #load({ id, pair }: JobView): Promise<void> {
    const copy = async (side: Side) => {
      const { bytes } = await this.ask(input, { jobId: id, side }).catch(() => ({ bytes: undefined }));
      return bytes && URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    };
    const [start, end] = await Promise.all([copy("start"), copy("end")]);
    if (this.isConnected && this.job?.id === id) {
      this.#take({ start, end }, pair);
    } else {
      release({ start, end });
    }
  }

  #take(copies: Pictures, pair: string | undefined): void {
    release(this.copies);
    this.copies = copies;
    this.#pair = pair;
  }
}

function release(pictures: Pictures): void {
  for (const side of sides) {
    const url = pictures[side];
    if (url !== undefined) {
      URL.revokeObjectURL(url);
    }
  }
}

customElements.define("flf-backdrop", BackdropElement);
