import { isHidden } from "./hidden.ts";

/** Reports whether a part of the page is visible: scrolled into view, in a window that is not hidden. */
export class Visibility {
  isSeen = false;
  readonly #onChange: (isSeen: boolean) => void;
  #isScrolledTo = false;
  readonly #scrolling = new IntersectionObserver((entries) => {
    this.#isScrolledTo = entries.at(-1)?.isIntersecting === true;
    this.#look();
  });

  constructor(onChange: (isSeen: boolean) => void) {
    this.#onChange = onChange;
  }

  /** Begins with a part of the page. Watching it already changes nothing. */
  watch(element: Element): void {
    this.#scrolling.observe(element);
    document.addEventListener("visibilitychange", this.#look);
  }

  end(): void {
    this.#scrolling.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    this.isSeen = false;
  }

  readonly #look = (): void => {
    const isSeen = this.#isScrolledTo && !isHidden();
    if (isSeen !== this.isSeen) {
      this.isSeen = isSeen;
      this.#onChange(isSeen);
    }
  };
}
