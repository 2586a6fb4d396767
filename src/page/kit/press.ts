/** Elements that the user drags or types in: the page keeps updating while one of them is pressed. */
const movable = "input[type=range], input[type=color], textarea, .movable, .screen, .input";
/** Maximum duration of a press whose end is never reported, ms. */
const maxPress = 1000;

let held: PromiseWithResolvers<void> | undefined;

/** Watches for presses in the page, for {@link pressEnd}. */
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
  // These two listeners bubble, so that they end the press after all other listeners ran. A radio button or checkbox
  // changes only after its click; a render in between would undo the choice.
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
    // The timeout lets a click, which comes in the same turn, run first.
    target.addEventListener(type, () => setTimeout(end), { capture: true });
  }
}

/**
 * Resolves when the current press ends; undefined while nothing is pressed. Elements that appear or disappear must wait
 * for it: otherwise the pressed element moves away, and the press hits something else or nothing.
 */
export function pressEnd(): Promise<void> | undefined {
  return held?.promise;
}

/** Begins a press: nothing is drawn until {@link end}, or for a second. */
export function begin(): void {
  end();
  const press = Promise.withResolvers<void>();
  held = press;
  setTimeout(() => held === press && end(), maxPress);
}

export function end(): void {
  held?.resolve();
  held = undefined;
}
