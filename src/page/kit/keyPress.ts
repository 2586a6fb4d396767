import { begin, end } from "./press.ts";

type Modifiers = Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState">;

/** True where a key is pressed together with one that changes its meaning. */
function isModified(event: Modifiers): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.getModifierState("AltGraph");
}

/**
 * Makes the buttons below `root` act when Enter or the space bar is released. A button of the library acts as soon as the
 * key goes down and on every repetition: where a press opens a question of VS Code's, the same press would answer it.
 */
export function actOnRelease(root: HTMLElement): void {
  let pressed: { readonly button: HTMLElement; readonly key: string } | undefined;
  root.addEventListener(
    "keydown",
    (event) => {
      const { target, key } = event;
      if (!(target instanceof HTMLElement) || target.localName !== "vscode-button") return;
      if (key !== "Enter" && key !== " ") return;
      // The space bar would scroll the page as well.
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
  // A key that is released elsewhere is no press of this button.
  root.addEventListener("focusout", () => {
    if (pressed !== undefined) end();
    pressed = undefined;
  });
}
