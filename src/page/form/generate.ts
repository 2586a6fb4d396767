import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { destination, price, runTime, type ShownPrice } from "../../shared/messages/form.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { estimateText, isolated } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { Turns } from "../kit/turns.ts";
import { priceText } from "./forecast.ts";
import { generateButton } from "./generateButton.ts";

/** The cost and time of the next video as far as they are known, and the button that makes it. */
export class GenerateElement extends elementWith({
  /** The parameters that are sent; undefined while a field has no valid value. */
  parameters: given<Parameters | undefined>(),
  generating: given<boolean>(),
  /** True while the user is asked for a token first. */
  asksForToken: given<boolean>(),
  /** Path of the start image, by which the folder of the video is chosen. */
  start: given<string | undefined>(),
  /** Number of finished videos in the list. Each new one improves the estimate. */
  saved: given<number>(),
  /** What the service asks for a video; undefined until it has answered. */
  price: given<ShownPrice | undefined>(),
  ask: given<Ask>(),
  typical: own<number | undefined>(undefined),
  folder: own<string | undefined>(undefined),
}) {
  readonly #turns = new Turns<"runTime" | "price" | "folder">();
  readonly #onFocus = () => {
    void this.#askPrice();
    void this.#askFolder();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    // The user may have set a token elsewhere, or the price may have changed meanwhile.
    window.addEventListener("focus", this.#onFocus);
    this.#onFocus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("focus", this.#onFocus);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("start")) {
      void this.#askFolder();
    }
    if (changed.get("generating") === true) {
      // A token may have been set, or found missing.
      void this.#askPrice();
    }
    const before = JSON.stringify(changed.get("parameters"));
    if (changed.has("saved") || (changed.has("parameters") && JSON.stringify(this.parameters) !== before)) {
      void this.#askRunTime();
    }
  }

  protected override render(): TemplateResult {
    return html`
      <p class="summary">
        ${
          this.parameters === undefined
            ? html`<span class="part">${l10n.t("Fix the marked fields first.")}</span>`
            : html`${this.#price(this.parameters)} ${this.#runTime()} ${this.#destination()}`
        }
      </p>
      ${generateButton({
        generating: this.generating,
        asksForToken: this.asksForToken,
        price: this.price,
        act: () => this.send({ kind: "generate" }),
        onFocus: () => this.#onButtonFocus(),
      })}
    `;
  }

  #runTime(): TemplateResult | typeof nothing {
    return this.typical === undefined
      ? nothing
      : html`<span class="part">${l10n.t({ message: "Usually about {0} of rendering (based on your videos)", args: [estimateText(this.typical)], comment: ["{0} is a length of time such as 1 min 20 sec"] })}</span>`;
  }

  #destination(): TemplateResult | typeof nothing {
    return this.folder === undefined
      ? nothing
      : html`<span class="part">${l10n.t({ message: "Saves to {0}", args: [isolated(this.folder)], comment: ["{0} is a folder"] })}</span>`;
  }

  #price(parameters: Parameters): TemplateResult | typeof nothing {
    if (this.price === undefined) {
      return nothing;
    }
    const { text, note } = priceText(this.price, parameters);
    const [way] = (this.price.kind === "noToken" && this.price.actions) || [];
    return html`<span class="part"
      >${
        way === undefined
          ? html`<span class="price">${text}</span>`
          : html`<button
              type="button"
              class="link"
              @click=${() => this.send({ kind: "command", command: way.command, setting: way.setting })}
            >
              ${text}
            </button>`
      }${note === undefined ? nothing : html` <span class="note">${note}</span>`}</span
    >`;
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

  async #askFolder(): Promise<void> {
    await this.updateComplete;
    const isNewest = this.#turns.take("folder");
    const { start } = this;
    const known = await this.ask(destination, start === undefined ? {} : { start }).catch(() => undefined);
    if (isNewest()) {
      this.folder = known?.folder;
    }
  }

  async #askPrice(): Promise<void> {
    await this.updateComplete;
    const isNewest = this.#turns.take("price");
    const known = await this.ask(price, {}).catch((): ShownPrice => ({ kind: "unknown" }));
    if (isNewest()) {
      this.send({ kind: "priced", price: known });
    }
  }

  /** The way to a token ends at the button. */
  #onButtonFocus(): void {
    if (this.price?.kind === "noToken") {
      void this.#askPrice();
    }
  }
}

customElements.define("flf-generate", GenerateElement);
