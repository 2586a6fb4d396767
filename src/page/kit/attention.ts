/** Tracks whether the user is still where they were when a request began. */
export class Attention {
  /** Number of key and pointer presses so far. */
  #presses = 0;

  constructor(target: EventTarget) {
    for (const type of ["keydown", "pointerdown"]) {
      target.addEventListener(type, () => this.#presses++, { capture: true });
    }
  }

  /**
   * Begins to wait. Returns a function that tells whether the focus may be moved: it may if the user has done nothing
   * since and the focus has not moved, or if nothing has the focus.
   */
  begin(): () => boolean {
    const [from, presses] = [document.activeElement, this.#presses];
    return () => {
      const { activeElement } = document;
      const isNowhere = activeElement === null || activeElement === document.body;
      // If the focused element was removed or hidden, the page moved the focus itself.
      const isGone = from?.isConnected !== true || from.closest("[hidden]") !== null;
      return isNowhere || (presses === this.#presses && (activeElement === from || isGone));
    };
  }
}
