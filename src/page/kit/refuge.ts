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
  let path: readonly Step[] = [];
  root.addEventListener("focusin", ({ target }) => {
    path = target instanceof Element ? pathUp(target, root) : [];
  });
  new MutationObserver(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && path[0]?.element.isConnected === false) {
      const refuge = nearest(path);
      path = [];
      refuge?.focus({ preventScroll: true });
    }
  }).observe(root, { childList: true, subtree: true });
}

function pathUp(from: Element, root: Element): Step[] {
  const path: Step[] = [];
  for (let element: Element | null = from; element !== null; element = element.parentElement) {
    path.push({ element, next: element.nextElementSibling, previous: element.previousElementSibling });
    if (element === root) {
      break;
    }
  }
  return path;
}

function nearest(path: readonly Step[]): HTMLElement | undefined {
  for (const { element, next, previous } of path) {
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
