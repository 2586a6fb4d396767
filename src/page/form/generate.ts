import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { price, runTime } from "../../shared/messages/form.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import type { Price } from "../../shared/model/price.ts";
import { estimateText, videoSummary } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { Turns } from "../kit/turns.ts";
import { priceText } from "./forecast.ts";

/** What the next video will be, its estimated time and cost, and the button that makes it. */
class GenerateElement extends elementWith({
  /** The parameters that are sent; undefined while a field has no valid value. */
  parameters: given<Parameters | undefined>(),
  generating: given<boolean>(),
  /** Number of finished videos in the list. Each new one improves the estimate. */
  saved: given<number>(),
  ask: given<Ask>(),
  typical: own<number | undefined>(undefined),
  price: own<Price | undefined>(undefined),
}) {
  readonly #turns = new Turns<"runTime" | "price">();
  readonly #onFocus = () => void this.#askPrice();

  override connectedCallback(): void {
    super.connectedCallback();
    // The user may have set a token elsewhere, or the price may have changed meanwhile.
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
    const keys = /Mac/.test(navigator.platform) ? "⌘⏎" : "Ctrl+Enter";
    return html`
      <div class="summary">
        ${
          this.parameters === undefined
            ? html`<p>${l10n.t("Fix the marked fields first.")}</p>`
            : html`<p>
                  <span class="part">${videoSummary(this.parameters)}</span>
                  <span class="part"
                    >${
                      this.parameters.seed === undefined
                        ? l10n.t("random seed")
                        : l10n.t({
                            message: "seed {0}, locked",
                            args: [this.parameters.seed],
                            comment: ["{0} is a number"],
                          })
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
        title=${l10n.t({ message: "{0} ({1})", args: [l10n.t("Generate Video"), keys], comment: ["A button's label and its keyboard shortcut"] })}
        @click=${this.#press}
        >${this.generating ? l10n.t("Starting…") : l10n.t("Generate Video")}</vscode-button
      >
    `;
  }

  #runTime(): TemplateResult | typeof nothing {
    return this.typical === undefined
      ? nothing
      : html`<p class="fact">
          ${icon("clockface")}<span>${l10n.t({ message: "Usually about {0} (based on your videos)", args: [estimateText(this.typical)], comment: ["{0} is a length of time such as 1 min 20 sec"] })}</span>
        </p>`;
  }

  #price(parameters: Parameters): TemplateResult | typeof nothing {
    if (this.price === undefined) {
      return nothing;
    }
    const { text, note } = priceText(this.price, parameters);
    return html`<p class="fact">
      ${icon("tag")}<span>${text}${note === undefined ? nothing : html` <span class="note">${note}</span>`}</span>
    </p>`;
  }

  async #askRunTime(): Promise<void> {
    const isNewest = this.#turns.take("runTime");
    const { parameters } = this;
    // Without an answer the estimate is left out: nothing depends on it.
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
    // The second click of a double click must not pay for a second video.
    if (event.detail < 2) {
      this.send({ kind: "generate" });
    }
  }
}

customElements.define("flf-generate", GenerateElement);
