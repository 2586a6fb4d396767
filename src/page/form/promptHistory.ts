import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { prompts } from "../../shared/messages/form.ts";
import { searchPrompts } from "../../shared/prompt/prompting.ts";
import type { Ask } from "../kit/host.ts";
import { icon } from "../kit/icon.ts";
import { moreBelow } from "../kit/popover.ts";
import { elementWith, given, own } from "../kit/properties.ts";
import { roved } from "../kit/roved.ts";
import { Turns } from "../kit/turns.ts";

/** The user's earlier prompts, newest first, with a search. The list is requested each time it is opened. */
class PromptHistoryElement extends elementWith({
  ask: given<Ask>(),
  choose: given<(prompt: string) => void>(),
  open: own(false),
  /** Undefined until the prompts are known. */
  prompts: own<readonly string[] | undefined>(undefined),
  query: own(""),
}) {
  readonly #turns = new Turns<"prompts">();

  protected override render(): TemplateResult {
    return html`
      <button
        type="button"
        class="menu-button"
        id="history-button"
        popovertarget="history"
        aria-haspopup="dialog"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="history"
      >
        ${l10n.t({ message: "Recent", comment: ["Menu of the user's own earlier prompts"] })}${icon("chevron-down")}
      </button>
      <div popover class="menu ${(this.prompts?.length ?? 0) > 5 ? "long" : ""}" id="history" role="dialog" aria-labelledby="history-button" @toggle=${this.#onToggle}>
        ${this.open ? this.#content() : nothing}
      </div>
    `;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.prompts === undefined) {
      return nothing;
    }
    if (this.prompts.length === 0) {
      return html`<p class="quiet" tabindex="-1">${l10n.t("Prompts from your videos appear here.")}</p>`;
    }
    const found = searchPrompts(this.prompts, this.query);
    return html`<div @keydown=${this.#onKey}>
      <div class="input">
        ${icon("search")}
        <input
          type="text"
          spellcheck="false"
          autocomplete="off"
          aria-label=${l10n.t("Search your prompts")}
          placeholder=${l10n.t("Search your prompts")}
          .value=${this.query}
          @input=${(event: InputEvent & { target: HTMLInputElement }) => {
            this.query = event.target.value;
          }}
        />
      </div>
      <p class="quiet" role="status">${found.length === 0 ? l10n.t("No prompt contains these words.") : nothing}</p>
      <ul role="list">
        ${found.map(
          (prompt) =>
            html`<li><button type="button" dir="auto" title=${prompt} @click=${() => this.#take(prompt)}>${prompt}</button></li>`,
        )}
      </ul>
      ${moreBelow()}
    </div>`;
  }

  async #onToggle(event: ToggleEvent): Promise<void> {
    this.open = event.newState === "open";
    if (!this.open) {
      return;
    }
    this.query = "";
    const isNewest = this.#turns.take("prompts");
    // If the host cannot answer, there is nothing to show.
    const known = await this.ask(prompts, {}).catch(() => ({ prompts: [] }));
    if (!isNewest()) {
      return;
    }
    this.prompts = known.prompts;
    await this.updateComplete;
    this.querySelector<HTMLElement>("#history :is(input, p)")?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const [search, ...prompts] = this.querySelectorAll<HTMLElement>("#history :is(input, li > button)");
    const here = prompts.findIndex((button) => button.matches(":focus"));
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault();
      prompts[0]?.click();
      return;
    }
    const target = roved(event.key, here + 1, prompts.length + 1, { axis: "column", inField: true });
    if (target !== undefined) {
      event.preventDefault();
      [search, ...prompts][target]?.focus();
    }
  }

  #take(prompt: string): void {
    this.querySelector<HTMLElement>("#history")?.hidePopover();
    this.choose(prompt);
  }
}

customElements.define("flf-prompt-history", PromptHistoryElement);
