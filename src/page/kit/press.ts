/** What is pressed to be moved, or typed in: it may change while it is pressed. */
const movable = "input[type=range], input[type=color], textarea, .movable, .screen, .input";
/** A press whose end is never told ends after this time, ms. */
const longestPress = 1000;

let held: PromiseWithResolvers<void> | undefined;

/** Watches the page's presses, for {@link pressEnd}. */
export function watchPresses(target: EventTarget): void {
  target.addEventListener(
    "pointerdown",
    ({ target: pressed }) => {
      if (pressed instanceof Element && pressed.closest(movable) === null) {
        begin();
      }
    },
    { capture: true },
  );
  // The last of a press, once everything that was to hear of it has: a choice is made only after its click, and a page drawn
  // anew in between would take it back.
  target.addEventListener("change", ({ target: chosen }) => {
    if (chosen instanceof Element && chosen.matches("[type=radio], [type=checkbox]")) {
      end();
    }
  });
  target.addEventListener("click", ({ target: clicked }) => {
    if (!(clicked instanceof Element) || clicked.closest("label, input, select") === null) {
      end();
    }
  });
  for (const type of ["pointerup", "pointercancel"]) {
    // Where a click comes, it comes in the same turn.
    target.addEventListener(type, () => setTimeout(end), { capture: true });
  }
}

/**
 * The end of the press that goes on now; undefined while there is none. What appears or goes must wait for it: else it
 * moves what is pressed away, and the press hits another thing or nothing.
 */
export function pressEnd(): Promise<void> | undefined {
  return held?.promise;
}

/** Begins a press: nothing is drawn until {@link end}, or for a second. */
export function begin(): void {
  end();
  const press = Promise.withResolvers<void>();
  held = press;
  setTimeout(() => held === press && end(), longestPress);
}

export function end(): void {
  held?.resolve();
  held = undefined;
}
