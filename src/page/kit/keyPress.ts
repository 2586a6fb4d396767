import { begin, end } from "./press.ts";

type Modifiers = Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState">;

/** True if a modifier key is held that changes the meaning of a key. */
export function isModified(event: Modifiers): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.getModifierState("AltGraph");
}

/**
 * Makes the buttons below `root` act when Enter or the space bar is released. The library's buttons act on keydown and
 * on every repeat: if that opens a dialog of VS Code, the same key press would also answer it.
 */
export function actOnRelease(root: HTMLElement): void {
  let pressed: { readonly button: HTMLElement; readonly key: string } | undefined;
  root.addEventListener(
    "keydown",
    (event) => {
      const { target, key } = event;
      if (!(target instanceof HTMLElement) || target.localName !== "vscode-button") return;
      if (key !== "Enter" && key !== " ") return;
      // Keeps the space bar from scrolling the page.
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      pressed = isModified(event) ? undefined : { button: target, key };
      // What the button does is what it said when it was pressed.
      if (pressed !== undefined) begin();
    },
    { capture: true },
  );
  root.addEventListener(
    "keyup",
    ({ target, key }) => {
      const press = pressed;
      pressed = undefined;
      if (press === undefined) return;
      if (press.key !== key || press.button !== target) {
        end();
        return;
      }
      if (!press.button.hasAttribute("disabled")) press.button.click();
      end();
    },
    { capture: true },
  );
  // A key released elsewhere does not press this button.
  root.addEventListener("focusout", () => {
    if (pressed !== undefined) end();
    pressed = undefined;
  });
}
