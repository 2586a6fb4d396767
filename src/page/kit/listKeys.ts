import { isModified } from "./keyPress.ts";
import { roved } from "./roved.ts";

/**
 * Lets arrow keys choose in a closed list below `root`, as in VS Code. In a list with a look of its own, Chromium opens it
 * instead.
 */
export function chooseByArrows(root: HTMLElement): void {
  root.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!(target instanceof HTMLSelectElement) || isModified(event) || target.matches(":open")) {
      return;
    }
    const { selectedIndex: here, options } = target;
    const next = roved(key, here, options.length, { axis: "column", inField: true, stops: true });
    if (next === undefined) {
      return;
    }
    event.preventDefault();
    if (next !== here) {
      target.selectedIndex = next;
      for (const type of ["input", "change"]) {
        target.dispatchEvent(new Event(type, { bubbles: true }));
      }
    }
  });
}
