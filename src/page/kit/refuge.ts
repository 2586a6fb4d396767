/** An element with what stood around it, as it was when the focus came into it. */
interface Step {
  readonly element: Element;
  readonly next: Element | null;
  readonly previous: Element | null;
}

/**
 * Keeps the focus in the page: where the element that has it is taken away, it goes to the nearest element that is marked
 * as a refuge (`data-refuge`), inside what is left of its surroundings or beside it. Else it would fall to the body, and
 * the next keys of a keyboard or a screen reader would begin from the top.
 */
export function keepFocus(root: HTMLElement): void {
  let way: readonly Step[] = [];
  root.addEventListener("focusin", ({ target }) => {
    way = target instanceof Element ? wayUp(target, root) : [];
  });
  new MutationObserver(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && way[0]?.element.isConnected === false) {
      const refuge = nearest(way);
      way = [];
      refuge?.focus({ preventScroll: true });
    }
  }).observe(root, { childList: true, subtree: true });
}

function wayUp(from: Element, root: Element): Step[] {
  const way: Step[] = [];
  for (let element: Element | null = from; element !== null; element = element.parentElement) {
    way.push({ element, next: element.nextElementSibling, previous: element.previousElementSibling });
    if (element === root) {
      break;
    }
  }
  return way;
}

function nearest(way: readonly Step[]): HTMLElement | undefined {
  for (const { element, next, previous } of way) {
    for (const place of element.isConnected ? [element] : [next, previous]) {
      const refuge = place?.isConnected === true ? refugeIn(place) : null;
      if (refuge !== null) {
        return refuge;
      }
    }
  }
  return undefined;
}

function refugeIn(place: Element): HTMLElement | null {
  return place.querySelector<HTMLElement>("[data-refuge]");
}
