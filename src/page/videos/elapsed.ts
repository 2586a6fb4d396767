import { html, type TemplateResult } from "lit";
import { PanelElement } from "../kit/element.ts";
import { clock, type Texts } from "../kit/texts.ts";

/** Time since a moment, ticking once a second while anyone can see it. */
export class ElapsedElement extends PanelElement {
  static override properties = { texts: { attribute: false }, since: { attribute: false } };
  declare texts: Texts;
  /** ms since 1970. */
  declare since: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onVisibility = () => this.#tick();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`<span role="timer" title=${this.texts.strings.elapsed}
      ><span class="unseen">${this.texts.strings.elapsed} </span>${clock(Date.now() - this.since)}</span
    >`;
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") {
      this.requestUpdate();
      // To the next whole second of the job's own time, so that no second is skipped or shown twice.
      this.#timer = setTimeout(() => this.#tick(), 1000 - ((Date.now() - (this.since ?? 0)) % 1000));
    }
  }
}

customElements.define("flf-elapsed", ElapsedElement);
