/** Reports whether a part of the page is visible: scrolled into view, in a window that is not hidden. */
export class Visibility {
  isSeen = false;
  readonly #element: Element;
  readonly #onChange: (isSeen: boolean) => void;
  #isScrolledTo = false;
  readonly #scrolling = new IntersectionObserver((entries) => {
    this.#isScrolledTo = entries.at(-1)?.isIntersecting === true;
    this.#look();
  });

  constructor(element: Element, onChange: (isSeen: boolean) => void) {
    this.#element = element;
    this.#onChange = onChange;
  }

  begin(): void {
    this.#scrolling.observe(this.#element);
    document.addEventListener("visibilitychange", this.#look);
  }

  end(): void {
    this.#scrolling.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    this.isSeen = false;
  }

  readonly #look = (): void => {
    const isSeen = this.#isScrolledTo && !document.hidden;
    if (isSeen !== this.isSeen) {
      this.isSeen = isSeen;
      this.#onChange(isSeen);
    }
  };
}
