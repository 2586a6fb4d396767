/** Presses that may cost money. Pure: no DOM. */

/** Time within which a second press is the second half of the first, ms: the usual time of a double click. */
export const doublePress = 500;

/** Tells a new press from the second half of the one before, whichever way the user presses: by mouse, button or keys. */
export class Presses {
  readonly #pressed = new Map<string, number>();

  /**
   * True for a press of its own.
   * @param what what was pressed, and for what: another draft makes it another press
   * @param now ms of a clock that only goes forward
   */
  isNew(what: string, now: number): boolean {
    for (const [pressed, at] of this.#pressed) {
      if (now - at >= doublePress) {
        this.#pressed.delete(pressed);
      }
    }
    const isNew = !this.#pressed.has(what);
    this.#pressed.set(what, now);
    return isNew;
  }

  /** Call this if nothing came of a press: the next one is new, however soon. */
  forget(what: string): void {
    this.#pressed.delete(what);
  }
}

type Key = Pick<
  KeyboardEvent,
  "key" | "keyCode" | "isComposing" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

/** True for Ctrl+Enter or Command+Enter alone. An input method that composes has its keys to itself, and AltGr is no Ctrl. */
export function asksToGenerate(event: Key): boolean {
  return (
    event.key === "Enter" &&
    event.ctrlKey !== event.metaKey &&
    !event.altKey &&
    !event.shiftKey &&
    !event.getModifierState("AltGraph") &&
    !event.isComposing &&
    event.keyCode !== 229
  );
}
