/** How long a page that is being restored may still grow, ms. */
const restoring = 3000;

/**
 * Focus and scrolling when the stage turns. What turns up is in view and has the focus; the form comes back scrolled and
 * focused as it was left, unless something else has been put into it meanwhile: then at its top, ready to be written on.
 */
export class StageTurns {
  readonly #page: HTMLElement & { readonly updateComplete: Promise<boolean> };
  #isComposing = true;
  #shown: string | undefined;
  /** Whether the form comes or goes with the current update, or another video takes the stage. */
  #turn: "form" | "stage" | "video" | undefined;
  /** Where the user was in the form when it went. */
  #left: { readonly focused: Element | null; readonly scroll: number; readonly revision: number } | undefined;
  #focused: Element | null = null;
  #restoring: { readonly scroll: number; readonly end: () => void } | undefined;

  constructor(page: HTMLElement & { readonly updateComplete: Promise<boolean> }) {
    this.#page = page;
  }

  /** Where the page is scrolled to, or soon will be, px. */
  get scroll(): number {
    return this.#restoring?.scroll ?? window.scrollY;
  }

  /** Call this before the page is drawn, with what will be on the stage, and the revision of what is in the form. */
  before(isComposing: boolean, shown: string, revision: number): void {
    const isFirst = this.#shown === undefined;
    this.#focused = document.activeElement;
    if (isFirst) {
      this.#turn = undefined;
    } else if (isComposing !== this.#isComposing) {
      this.#turn = isComposing ? "form" : "stage";
    } else if (!isComposing && shown !== this.#shown) {
      this.#turn = "video";
    }
    if (this.#turn === "stage") {
      this.#left = { focused: this.#focused, scroll: window.scrollY, revision };
    } else if (this.#turn === "form" && this.#left?.revision !== revision) {
      this.#left = undefined;
    }
    this.#isComposing = isComposing;
    this.#shown = shown;
  }

  /** Call this after the page is drawn. */
  after(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined) {
      return;
    }
    this.#restoring?.end();
    if (turn === "form") {
      window.scrollTo(0, this.#left?.scroll ?? 0);
      const before = this.#left?.focused;
      // The part of the form that had the focus, or else where one writes on.
      const field =
        before instanceof HTMLElement && before.closest("flf-pair, .form") !== null && before.isConnected
          ? this.#focusable(before)
          : this.#page.querySelector<HTMLElement>("#prompt");
      if (this.#isLost()) {
        field?.focus({ preventScroll: true });
      }
      return;
    }
    window.scrollTo(0, 0);
    void this.#page.updateComplete.then(() => {
      const stage = this.#page.querySelector<HTMLElement>("flf-stage [data-refuge]");
      if (this.#isLost() || turn === "video") {
        stage?.focus({ preventScroll: true });
      }
    });
  }

  /** Scrolls to where the page was when it was closed, as soon as it is long enough. A user who moves ends that. */
  restore(scroll: number): void {
    if (scroll === 0 || this.#restoring !== undefined) {
      return;
    }
    const observer = new ResizeObserver(() => {
      window.scrollTo(0, scroll);
      if (Math.abs(window.scrollY - scroll) < 2) {
        end();
      }
    });
    const end = () => {
      observer.disconnect();
      this.#restoring = undefined;
      for (const type of moves) {
        window.removeEventListener(type, end);
      }
    };
    this.#restoring = { scroll, end };
    for (const type of moves) {
      window.addEventListener(type, end);
    }
    observer.observe(document.documentElement);
    setTimeout(end, restoring);
  }

  /** A part of the form, or the button of the popover that it is in: popovers close when the form goes. */
  #focusable(part: HTMLElement): HTMLElement | null {
    const popover = part.closest("[popover]");
    return popover === null ? part : this.#page.querySelector<HTMLElement>(`[popovertarget="${popover.id}"]`);
  }

  /** True if what had the focus is gone or out of sight. */
  #isLost(): boolean {
    const { activeElement } = document;
    const isNowhere = activeElement === null || activeElement === document.body;
    return isNowhere || activeElement.closest("[hidden]") !== null || this.#focused?.isConnected !== true;
  }
}

const moves = ["wheel", "keydown", "pointerdown"] as const;
