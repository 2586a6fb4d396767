/** Fields without text to select. */
const withoutText = "[type=radio], [type=checkbox], [type=range], [type=color]";

/**
 * Makes Select All in a text field the page's own. VS Code runs it too, after the page and some milliseconds later: it
 * would then select what was typed since, and the next key would replace it.
 */
export function selectAllAtOnce(root: HTMLElement): void {
  root.addEventListener(
    "keydown",
    (event) => {
      const [target] = event.composedPath();
      const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
      if (!isField || target.matches(withoutText) || !isSelectAll(event)) return;
      event.preventDefault();
      event.stopPropagation();
      target.select();
    },
    { capture: true },
  );
}

/** On a Mac, Ctrl+A moves to the start of the line. The code finds the key where the layout writes another alphabet. */
function isSelectAll({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const isA = key.toLowerCase() === "a" || (code === "KeyA" && !/^[a-z]$/i.test(key));
  const [command, other] = /Mac/.test(navigator.platform) ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  return isA && command && !other && !altKey && !shiftKey;
}
