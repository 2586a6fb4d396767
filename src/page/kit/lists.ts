/** True if what a key is pressed in is a list to choose from, or an entry of it: an open list has the focus in an entry. */
export function isInList(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("select") !== null;
}
