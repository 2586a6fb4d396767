/** Knows whether the user still waits where they were when something was asked for. */
export class Attention {
  /** Keys and presses so far. */
  #acts = 0;

  constructor(target: EventTarget) {
    for (const type of ["keydown", "pointerdown"]) {
      target.addEventListener(type, () => this.#acts++, { capture: true });
    }
  }

  /**
   * Begins to wait. Gives a function that is true while the focus may be moved: the user has done nothing since, and it is
   * where it was; or it is nowhere.
   */
  begin(): () => boolean {
    const [from, acts] = [document.activeElement, this.#acts];
    return () => {
      const { activeElement } = document;
      const isNowhere = activeElement === null || activeElement === document.body;
      // Where it stood may be gone: then the page itself has moved it.
      return isNowhere || (acts === this.#acts && (activeElement === from || from?.isConnected !== true));
    };
  }
}
