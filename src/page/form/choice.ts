import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../kit/icon.ts";
import { moreBelow } from "../kit/popover.ts";
import { elementWith, given, own } from "../kit/properties.ts";

/** What stays free between an open setting and the lower end of the window, CSS pixels. */
const edge = 4;

/** A button that says a setting's value and opens the setting. Escape, Enter and a press elsewhere close it. */
export class ChoiceElement extends elementWith({
  /** Distinguishes the choices of the page. */
  name: given<string>(),
  /** The button's whole name: what is set, and its value. */
  label: given<string>(),
  /** The title of what opens. */
  heading: given<string>(),
  /** The button's text. */
  value: given<string>(),
  sign: given<TemplateResult | typeof nothing>(),
  /** What is wrong with the setting, in words. */
  problem: given<string | undefined>(),
  content: given<TemplateResult>(),
  /** True if the content may need more height than a low window has. */
  tall: given<boolean>(),
  open: own(false),
}) {
  /** Opens the setting, unless it is open. */
  async show(): Promise<void> {
    await this.updateComplete;
    if (this.#popover()?.matches(":popover-open") === false) {
      const button = this.querySelector<HTMLElement>("button.choice");
      // The focus returns to the button when the setting closes.
      button?.focus({ preventScroll: true });
      button?.click();
    }
  }

  protected override render(): TemplateResult {
    const { name, problem } = this;
    return html`
      <button
        type="button"
        class="choice"
        id="choice-${name}"
        popovertarget="choice-${name}-popover"
        aria-haspopup="dialog"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="choice-${name}-popover"
        aria-label=${this.label}
        aria-description=${problem ?? nothing}
        title=${problem ?? this.heading}
        data-refuge
        ?data-invalid=${problem !== undefined}
      >
        ${problem === undefined ? this.sign : icon("error")}<span class="value">${this.value}</span>${icon("chevron-down")}
      </button>
      <div
        popover
        class=${this.tall ? "tall" : ""}
        id="choice-${name}-popover"
        role="dialog"
        aria-label=${this.heading}
        @toggle=${this.#onToggle}
        @keydown=${this.#onKey}
        @focusout=${this.#onBlur}
      >
        ${this.content}
        ${moreBelow()}
      </div>
    `;
  }

  #onToggle(event: ToggleEvent): void {
    this.open = event.newState === "open";
    const popover = this.#popover();
    if (this.open && popover?.contains(document.activeElement) === false) {
      const places = ["input:checked", "[aria-pressed=true]", "input", "button"];
      places
        .map((place) => popover.querySelector<HTMLElement>(place))
        .find((place) => place !== null)
        ?.focus();
    }
    if (this.open && popover !== null) {
      // Where the page can scroll on, the browser counts what is below the window as room.
      window.scrollBy(0, Math.max(popover.getBoundingClientRect().bottom + edge - window.innerHeight, 0));
    }
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (key === "Enter" && !event.ctrlKey && !event.metaKey && target instanceof Element && target.matches("input")) {
      event.preventDefault();
      this.#popover()?.hidePopover();
    }
  }

  #onBlur({ relatedTarget }: FocusEvent): void {
    // Without a next place, the focused element was removed, or the window lost the focus: the setting stays open.
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) {
      this.#popover()?.hidePopover();
    }
  }

  #popover(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[popover]");
  }
}

customElements.define("flf-choice", ChoiceElement);
