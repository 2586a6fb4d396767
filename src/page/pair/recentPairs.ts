import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { RecentPair } from "../../shared/messages/pair.ts";
import { recentPairs } from "../../shared/messages/pair.ts";
import { isolated } from "../../shared/texts.ts";
import { bothEnds } from "../kit/bothEnds.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { moreBelow } from "../kit/popover.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { roved } from "../kit/roved.ts";
import { Turns } from "../kit/turns.ts";
import "./pairPicture.ts";

/** The image pairs of earlier videos, with their pictures. A pair is restored with its framing. */
class RecentPairsElement extends elementWith({
  ask: given<Ask>(),
  open: own(false),
  /** Undefined until the pairs are known. */
  pairs: own<readonly RecentPair[] | undefined>(undefined),
  /** True if the pairs could not be read. */
  failed: own(false),
}) {
  readonly #turns = new Turns<"list">();

  protected override render(): TemplateResult {
    return html`<button
        type="button"
        class="link"
        id="recent-pairs-button"
        popovertarget="recent-pairs"
        aria-haspopup="dialog"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="recent-pairs"
      >
        ${icon("history")} ${l10n.t("Recent Pairs")}
      </button>
      <div
        popover
        class="menu ${(this.pairs?.length ?? 0) > 4 ? "long" : ""}"
        id="recent-pairs"
        role="dialog"
        aria-labelledby="recent-pairs-button"
        @toggle=${this.#onToggle}
        @keydown=${this.#onKey}
      >
        ${this.open ? this.#content() : nothing}
      </div>`;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.pairs === undefined) {
      return nothing;
    }
    if (this.pairs.length === 0) {
      return html`<p class="quiet" tabindex="-1" role=${this.failed ? "alert" : nothing}>
        ${this.failed ? l10n.t("Recent pairs can’t be read right now. Try again later.") : l10n.t("Image pairs from your videos appear here.")}
      </p>`;
    }
    return html`<ul role="list">
        ${this.pairs.map((pair) => this.#item(pair))}
      </ul>
      ${moreBelow()}`;
  }

  #item(pair: RecentPair): TemplateResult {
    const label = l10n.t({
      message: "{0} → {1}",
      args: [isolated(pair.startName), isolated(pair.endName)],
      comment: ["File names of a start and an end image"],
    });
    const paths = l10n.t({
      message: "{0} → {1}",
      args: [isolated(pair.start), isolated(pair.end)],
      comment: ["File names of a start and an end image"],
    });
    return html`<li>
      <button type="button" aria-label=${label} title=${paths} @click=${() => this.#choose(pair)}>
        <flf-pair-picture .start=${pair.start} .end=${pair.end} .ask=${this.ask}></flf-pair-picture>
        <span class="names">${bothEnds(pair.startName)}${bothEnds(pair.endName)}</span>
      </button>
    </li>`;
  }

  async #onToggle(event: ToggleEvent): Promise<void> {
    this.open = event.newState === "open";
    const isNewest = this.#turns.take("list");
    if (!this.open) {
      this.pairs = undefined;
      return;
    }
    const known = await this.ask(recentPairs, {}).catch(() => undefined);
    if (isNewest()) {
      this.failed = known === undefined;
      this.pairs = known?.pairs ?? [];
      await this.updateComplete;
      this.querySelector<HTMLElement>("#recent-pairs :is(li button, p)")?.focus();
    }
  }

  #onKey(event: KeyboardEvent): void {
    const items = [...this.querySelectorAll<HTMLElement>("li button")];
    const here = items.findIndex((item) => item.matches(":focus"));
    const target = roved(event.key, here, items.length, { axis: "column" });
    if (target !== undefined) {
      event.preventDefault();
      items[target]?.focus();
    }
  }

  #choose(pair: RecentPair): void {
    this.querySelector<HTMLElement>("#recent-pairs")?.hidePopover();
    this.send({ kind: "restorePair", pair });
  }
}

customElements.define("flf-recent-pairs", RecentPairsElement);
