import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icon.ts";

/** A small icon button. Its tooltip shows its name and keyboard shortcut. */
export function toolButton(tool: {
  readonly name: string;
  readonly icon: string;
  /** The shortcut as people read it, and in the syntax of `aria-keyshortcuts`. */
  readonly key?: readonly [shown: string, spoken: string];
  readonly pressed?: boolean;
  readonly act: (event: MouseEvent & { currentTarget: HTMLElement }) => void;
}): TemplateResult {
  const { name, pressed, key } = tool;
  return html`<button
    type="button"
    class="tool"
    data-tool
    aria-label=${name}
    title=${key === undefined ? name : l10n.t({ message: "{0} ({1})", args: [name, key[0]], comment: ["A button's label and its keyboard shortcut"] })}
    aria-keyshortcuts=${key?.[1] ?? nothing}
    aria-pressed=${pressed === undefined ? nothing : pressed ? "true" : "false"}
    @click=${tool.act}
  >
    ${icon(tool.icon)}
  </button>`;
}
