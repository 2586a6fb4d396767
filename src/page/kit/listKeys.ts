/**
 * Lets arrow keys choose in a closed list below `root`, as in VS Code. In a list with a look of its own, Chromium opens it
 * instead.
 */
export function chooseByArrows(root: HTMLElement): void {
  root.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step === undefined || !(target instanceof HTMLSelectElement) || isModified(event) || target.matches(":open")) {
      return;
    }
    event.preventDefault();
    const next = nextOf([...target.options], target.selectedIndex, step);
    if (target.options[next] !== undefined) {
      target.selectedIndex = next;
      for (const type of ["input", "change"]) {
        target.dispatchEvent(new Event(type, { bubbles: true }));
      }
    }
  });
}

/** The nearest option that can be chosen in a direction. */
function nextOf(options: readonly HTMLOptionElement[], here: number, step: number): number {
  let next = here + step;
  while (options[next]?.disabled === true) {
    next += step;
  }
  return next;
}

function isModified({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey;
}
