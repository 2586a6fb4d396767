import { html, nothing, type TemplateResult } from "lit";
import { type RecentPair, recentPairs } from "../../shared/messages/pair.ts";
import { PanelElement } from "../kit/element.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { fill, type Texts } from "../kit/texts.ts";
import { Turns } from "../kit/turns.ts";

/** The pairs of earlier videos, to be taken up again with their framing. */
export class RecentPairsElement extends PanelElement {
  static override properties = {
    texts: { attribute: false },
    ask: { attribute: false },
    pairs: { state: true },
    failed: { state: true },
  };
  declare texts: Texts;
  declare ask: Ask;
  /** Undefined while the list is closed. */
  declare pairs: readonly RecentPair[] | undefined;
  /** True while the list is open that could not be had. */
  declare failed: boolean;
  readonly #turns = new Turns<"list">();

  constructor() {
    super();
    this.failed = false;
  }

  protected override render(): TemplateResult {
    const { strings } = this.texts;
    const open = this.pairs !== undefined;
    return html`<button
        type="button"
        class="link"
        aria-expanded=${open ? "true" : "false"}
        aria-controls="recent-pairs"
        @click=${() => this.#toggle()}
      >
        ${icon("history")} ${strings.recentPairs}
      </button>
      <ul
        id="recent-pairs"
        dir="auto"
        aria-label=${strings.recentPairs}
        ?hidden=${!open}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        ${
          this.pairs?.length === 0
            ? html`<li class="quiet" role=${this.failed ? "alert" : nothing}>
                ${this.failed ? strings.recentFailed : strings.recentEmpty}
              </li>`
            : nothing
        }
        ${this.pairs?.map(
          (pair) => html`<li>
            <button
              type="button"
              class="link"
              title=${fill(strings.recentPair, pair.start, pair.end)}
              @click=${() => this.#choose(pair)}
            >
              ${fill(strings.recentPair, pair.startName, pair.endName)}
            </button>
          </li>`,
        )}
      </ul>`;
  }

  async #toggle(): Promise<void> {
    const isNewest = this.#turns.take("list");
    if (this.pairs !== undefined) {
      this.pairs = undefined;
      return;
    }
    const pairs = await this.ask(recentPairs, {}).then(
      (answer) => answer.pairs,
      () => undefined,
    );
    if (isNewest()) {
      this.failed = pairs === undefined;
      this.pairs = pairs ?? [];
      await this.updateComplete;
      this.querySelector<HTMLElement>("li button")?.focus();
    }
  }

  #choose(pair: RecentPair): void {
    this.#close();
    this.send({ kind: "restorePair", pair });
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#close();
    }
  }

  #close(): void {
    this.pairs = undefined;
    this.querySelector<HTMLElement>("button")?.focus();
  }
}

customElements.define("flf-recent-pairs", RecentPairsElement);
