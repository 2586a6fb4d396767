import { isModified } from "./keyPress.ts";
import { roved } from "./roved.ts";

/** Selects the tools of a toolbar. */
const tool = "[data-tool]";

/**
 * Makes a toolbar one Tab stop whose tools the arrow keys reach. Call {@link settle} after each render of its element.
 * A tool is an element marked `data-tool`. The Tab stop is the tool that had the focus last, until the focus leaves the
 * toolbar; then it is the checked tool, or the first one.
 */
export class Roving {
  readonly #element: HTMLElement;
  #last: Element | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
    element.addEventListener("keydown", (event) => this.#onKey(event));
    element.addEventListener("focusin", ({ target }) => {
      this.#last = target instanceof Element && target.matches(tool) ? target : this.#last;
      this.settle();
    });
    element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node) || !element.contains(relatedTarget)) {
        this.#last = undefined;
        this.settle();
      }
    });
  }

  settle(): void {
    const all = this.#tools();
    const stop =
      all.find((each) => each === this.#last) ??
      all.find((each) => each.matches("[aria-checked=true], [aria-pressed=true]")) ??
      all[0];
    for (const each of all) {
      each.tabIndex = each === stop ? 0 : -1;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (isModified(event) || !(target instanceof HTMLElement) || !target.matches(tool)) {
      return;
    }
    // A hidden tool is not reached: it has no box.
    const shown = this.#tools().filter((each) => each.getClientRects().length > 0);
    // A slider keeps all keys but the arrows to the left and right.
    const way = target.matches("input[type=range]") ? ({ axis: "row", inField: true } as const) : {};
    const next = shown[roved(key, shown.indexOf(target), shown.length, way) ?? -1];
    if (next !== undefined) {
      event.preventDefault();
      next.focus();
    }
  }

  #tools(): HTMLElement[] {
    return [...this.#element.querySelectorAll<HTMLElement>(tool)];
  }
}
