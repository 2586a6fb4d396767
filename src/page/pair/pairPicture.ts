import { html, nothing, type TemplateResult } from "lit";
import { image } from "../../shared/messages/pair.ts";
import { sides } from "../../shared/model/side.ts";
import type { Ask } from "../kit/host.ts";
import { elementWith, given, own } from "../kit/properties.ts";

/** Longest edge of a small picture, pixels: sharp at twice the screen's density. */
const edge = 160;

/** Two image files as one small picture, the start beside the end. It is decoration: their names stand beside it. */
class PairPictureElement extends elementWith({
  /** Absolute paths. */
  start: given<string>(),
  end: given<string>(),
  ask: given<Ask>(),
  urls: own<readonly string[]>([]),
}) {
  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const url of this.urls) {
      URL.revokeObjectURL(url);
    }
    this.urls = [];
  }

  protected override render(): TemplateResult {
    return html`${sides.map((_, index) => html`<span>${this.#picture(index)}</span>`)}`;
  }

  #picture(index: number): TemplateResult | typeof nothing {
    const url = this.urls[index];
    return url === undefined ? nothing : html`<img src=${url} alt="" />`;
  }

  async #load(): Promise<void> {
    await this.updateComplete;
    const pictures = await Promise.all(
      sides.map((side) => this.ask(image, { path: this[side], edge }).catch(() => undefined)),
    );
    if (this.isConnected && pictures.every((picture) => picture !== undefined)) {
      this.urls = pictures.map(({ bytes, mime }) => URL.createObjectURL(new Blob([bytes], { type: mime })));
    }
  }
}

customElements.define("flf-pair-picture", PairPictureElement);
