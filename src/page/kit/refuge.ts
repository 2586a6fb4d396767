/** An element and its siblings at the time when the focus entered it. */
interface Step {
  readonly element: Element;
  readonly next: Element | null;
  readonly previous: Element | null;
}

/**
 * Keeps the focus in the page. If the focused element is removed, the focus moves to the nearest element marked as a
 * refuge (`data-refuge`), in what is left of its ancestors or in their siblings. Otherwise the focus would fall to the
 * body, and keyboard and screen reader users would start again from the top.
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
