import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { price, runTime } from "../../shared/messages/form.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import type { Price } from "../../shared/model/price.ts";
import { PanelElement } from "../kit/element.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { fill, type Texts, videoFacts } from "../kit/texts.ts";
import { Turns } from "../kit/turns.ts";
import { durationText, priceText } from "./forecast.ts";

/** What the next video will be, about how long it takes and costs, and the button that makes it. */
export class GenerateElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    parameters: { attribute: false },
    generating: { attribute: false },
    saved: { attribute: false },
    ask: { attribute: false },
    typical: { state: true },
    price: { state: true },
  };
  declare texts: Texts;
  /** What is sent; undefined while a field stands for nothing that could be. */
  declare parameters: Parameters | undefined;
  declare generating: boolean;
  /** Number of the finished videos that are listed: each new one adds to what is known. */
  declare saved: number;
  declare ask: Ask;
  declare typical: number | undefined;
  declare price: Price | undefined;
  readonly #turns = new Turns<"runTime" | "price">();
  readonly #onFocus = () => void this.#askPrice();

  override connectedCallback(): void {
    super.connectedCallback();
    // A token may have been set, or the price have changed, while the user was elsewhere.
    window.addEventListener("focus", this.#onFocus);
    void this.#askPrice();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("focus", this.#onFocus);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = JSON.stringify(changed.get("parameters"));
    if (changed.has("saved") || (changed.has("parameters") && JSON.stringify(this.parameters) !== before)) {
      void this.#askRunTime();
    }
  }

  protected override render(): TemplateResult {
    const { strings, language } = this.texts;
    const keys = /Mac/.test(navigator.platform) ? "⌘⏎" : "Ctrl+Enter";
    return html`
      <div class="summary">
        ${
          this.parameters === undefined
            ? html`<p>${strings.summaryFlawed}</p>`
            : html`<p>
                  <span class="part">${fill(strings.summary, ...videoFacts(this.parameters, language))}</span>
                  <span class="part"
                    >${
                      this.parameters.seed === undefined
                        ? strings.summarySeedRandom
                        : fill(strings.summarySeedKept, this.parameters.seed)
                    }</span
                  >
                </p>
                ${this.#runTime()} ${this.#price(this.parameters)}`
        }
      </div>
      <vscode-button
        block
        icon=${this.generating ? "loading" : "sparkle"}
        ?icon-spin=${this.generating}
        aria-disabled=${this.generating ? "true" : "false"}
        title=${fill(strings.generateKeys, strings.generate, keys)}
        @click=${this.#press}
        >${this.generating ? strings.generating : strings.generate}</vscode-button
      >
    `;
  }

  #runTime(): TemplateResult | typeof nothing {
    return this.typical === undefined
      ? nothing
      : html`<p class="fact">
          ${icon("clockface")}<span>${fill(this.texts.strings.runTime, durationText(this.texts, this.typical))}</span>
        </p>`;
  }

  #price(parameters: Parameters): TemplateResult | typeof nothing {
    if (this.price === undefined) {
      return nothing;
    }
    const { text, note } = priceText(this.texts, this.price, parameters);
    return html`<p class="fact">
      ${icon("tag")}<span>${text}${note === undefined ? nothing : html` <span class="note">(${note})</span>`}</span>
    </p>`;
  }

  async #askRunTime(): Promise<void> {
    const isNewest = this.#turns.take("runTime");
    const { parameters } = this;
    // An estimate that cannot be had is left out: nothing depends on it.
    const known = parameters === undefined ? undefined : await this.ask(runTime, { parameters }).catch(() => undefined);
    if (isNewest()) {
      this.typical = known?.typical;
    }
  }

  async #askPrice(): Promise<void> {
    await this.updateComplete;
    const isNewest = this.#turns.take("price");
    const known = await this.ask(price, {}).catch((): Price => ({ kind: "unknown" }));
    if (isNewest()) {
      this.price = known;
    }
  }

  #press(event: MouseEvent): void {
    // The second half of a double click is no second wish to pay for a video.
    if (event.detail < 2) {
      this.send({ kind: "generate" });
    }
  }
}

customElements.define("flf-generate", GenerateElement);
