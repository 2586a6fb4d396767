/** Presses that may cost money. Pure: no DOM. */

/** A second press within this time belongs to the first, ms. It is the usual time of a double click. */
export const doublePress = 500;

/** A press so soon after the stage turned to something else was meant for what was there before, ms. */
export const turnPress = 600;

/**
 * Tells an intended press from the second half of a double press, by mouse, button or keys, and from one that was meant for
 * what the stage showed before.
 */
export class Presses {
  #look: string | undefined;
  #turnedAt = Number.NEGATIVE_INFINITY;
  readonly #pressed = new Map<string, number>();

  /**
   * True if a press is intended on its own.
   * @param what names what was pressed, and for what: a press for another draft is always intended
   * @param now ms of a clock that never goes back
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

  /** Call this when the stage is drawn. `look` tells what can be pressed there; `now` is as in {@link isNew}. */
  drawn(look: string, now: number): void {
    if (this.#look !== undefined && look !== this.#look) {
      this.#turnedAt = now;
    }
    this.#look = look;
  }

  /** False for a press on the stage that was meant for what was there before. */
  isMeant(now: number): boolean {
    return now - this.#turnedAt >= turnPress;
  }

  /** Call this if a press had no effect. The next press then counts, however soon it comes. */
  forget(what: string): void {
    this.#pressed.delete(what);
  }
}

type Key = Pick<
  KeyboardEvent,
  "key" | "keyCode" | "isComposing" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

/**
 * True for Ctrl+Enter or Command+Enter alone. Keys pressed while an input method composes do not count, and AltGr is
 * not Ctrl.
 */
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
