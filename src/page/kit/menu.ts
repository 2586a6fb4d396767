import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icon.ts";
import { moreBelow } from "./popover.ts";
import { elementWith, given, own } from "./properties.ts";
import { roved } from "./roved.ts";

/** An entry of a menu. */
export interface MenuItem {
  readonly id: string;
  readonly title: string;
  /** The text that the entry inserts. */
  readonly detail?: string;
}

/** A button that opens a menu of texts. Arrow keys move through it, Escape closes it, Tab leaves it. */
class MenuElement extends elementWith({
  /** Prefix of the element ids, unique in the page. */
  name: given<string>(),
  label: given<string>(),
  items: given<readonly MenuItem[]>(),
  choose: given<(id: string) => void>(),
  open: own(false),
}) {
  protected override render(): TemplateResult {
    return html`
      <button
        type="button"
        class="menu-button"
        id="${this.name}-button"
        popovertarget="${this.name}-menu"
        aria-haspopup="menu"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="${this.name}-menu"
        @keydown=${this.#onButtonKey}
      >
        ${this.label}${icon("chevron-down")}
      </button>
      <div
        popover
        class="menu ${this.items.length > 6 ? "long" : ""}"
        id="${this.name}-menu"
        role="menu"
        aria-labelledby="${this.name}-button"
        @toggle=${this.#onToggle}
        @keydown=${this.#onKey}
      >
        ${this.items.map(
          ({ id, title, detail }) =>
            html`<button type="button" role="menuitem" tabindex="-1" @click=${() => this.#take(id)}>
              <span>${title}</span>${detail === undefined ? nothing : html`<span class="detail">${detail}</span>`}
            </button>`,
        )}
        ${moreBelow()}
      </div>
    `;
  }

  #onToggle(event: ToggleEvent): void {
    this.open = event.newState === "open";
    if (this.open) {
      this.#items()[0]?.focus();
    }
  }

  #onButtonKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#menu()?.showPopover();
    }
  }

  #onKey(event: KeyboardEvent): void {
    const items = this.#items();
    const here = items.findIndex((item) => item.matches(":focus"));
    const target = roved(event.key, here, items.length, { axis: "column" });
    if (target !== undefined) {
      event.preventDefault();
      items[target]?.focus();
    } else if (event.key === "Tab") {
      // Closing returns the focus to the button, and the Tab key then moves it on from there.
      this.#menu()?.hidePopover();
    }
  }

  #take(id: string): void {
    this.#menu()?.hidePopover();
    this.choose(id);
  }

  #menu(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[popover]");
  }

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=menuitem]")];
  }
}

customElements.define("flf-menu", MenuElement);
