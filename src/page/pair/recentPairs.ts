import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { RecentPair } from "../../shared/messages/pair.ts";
import { recentPairs } from "../../shared/messages/pair.ts";
import { isolated } from "../../shared/texts.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { Turns } from "../kit/turns.ts";

/** The image pairs of earlier videos, which can be restored with their framing. */
class RecentPairsElement extends elementWith({
  ask: given<Ask>(),
  /** Undefined while the list is closed. */
  pairs: own<readonly RecentPair[] | undefined>(undefined),
  /** True while the open list shows that its pairs could not be read. */
  failed: own(false),
}) {
  readonly #turns = new Turns<"list">();

  protected override render(): TemplateResult {
    const open = this.pairs !== undefined;
    return html`<button
        type="button"
        class="link"
        aria-expanded=${open ? "true" : "false"}
        aria-controls="recent-pairs"
        @click=${() => this.#toggle()}
      >
        ${icon("history")} ${l10n.t("Recent Pairs")}
      </button>
      <ul
        id="recent-pairs"
        dir="auto"
        aria-label=${l10n.t("Recent Pairs")}
        ?hidden=${!open}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        ${
          this.pairs?.length === 0
            ? html`<li class="quiet" role=${this.failed ? "alert" : nothing}>
                ${this.failed ? l10n.t("Recent pairs can’t be read right now. Try again later.") : l10n.t("Image pairs from your videos appear here.")}
              </li>`
            : nothing
        }
        ${this.pairs?.map(
          (pair) => html`<li>
            <button
              type="button"
              class="link"
              title=${l10n.t({ message: "{0} → {1}", args: [isolated(pair.start), isolated(pair.end)], comment: ["File names of a start and an end image"] })}
              @click=${() => this.#choose(pair)}
            >
              ${l10n.t({ message: "{0} → {1}", args: [isolated(pair.startName), isolated(pair.endName)], comment: ["File names of a start and an end image"] })}
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
