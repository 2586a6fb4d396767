import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

/** Makes the buttons of a toolbar one stop of the Tab key: the arrow keys, Home and End move among them. */
class Roving extends Directive {
  #toolbar: Element | undefined;
  readonly #listener = (event: Event) => event instanceof KeyboardEvent && move(event);
  readonly #onFocus = (event: Event) => event.target instanceof HTMLElement && stopAt(event.target);

  render(): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart): typeof noChange {
    if (this.#toolbar === undefined) {
      this.#toolbar = element;
      element.addEventListener("keydown", this.#listener);
      element.addEventListener("focusin", this.#onFocus);
    }
    // The buttons are drawn after this, and may have changed.
    queueMicrotask(() => {
      const buttons = buttonsOf(element);
      stopAt(buttons.find(({ tabIndex }) => tabIndex === 0) ?? buttons[0], buttons);
    });
    return noChange;
  }
}

/** Marks an element as a toolbar of buttons with a single stop of the Tab key. */
export const roving = directive(Roving);

function buttonsOf(toolbar: Element): HTMLElement[] {
  return [...toolbar.querySelectorAll<HTMLElement>("button")];
}

/** Makes one button of a toolbar the stop of the Tab key. */
function stopAt(stop: HTMLElement | undefined, buttons = siblingsOf(stop)): void {
  for (const button of buttons) {
    button.tabIndex = button === stop ? 0 : -1;
  }
}

function siblingsOf(button: HTMLElement | undefined): HTMLElement[] {
  const toolbar = button?.closest("[role=toolbar]");
  return toolbar === undefined || toolbar === null ? [] : buttonsOf(toolbar);
}

function move(event: KeyboardEvent): void {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) {
    return;
  }
  const buttons = siblingsOf(target);
  const at = buttons.indexOf(target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[key];
  if (at >= 0 && to !== undefined) {
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  }
}
