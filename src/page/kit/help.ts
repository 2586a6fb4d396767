import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit";
import { icon } from "./icon.ts";

/** The button beside a label that shows or hides the help text of the field `id`. */
export function aboutButton(field: { id: string; title: string; open: boolean }, toggle: () => void): TemplateResult {
  const label = l10n.t({ message: "About {0}", args: [field.title], comment: ["{0} is the title of a parameter"] });
  return html`<button
    type="button"
    class="about"
    aria-label=${label}
    aria-expanded=${field.open ? "true" : "false"}
    aria-controls="${field.id}-help"
    title=${label}
    @click=${toggle}
  >
    ${icon("info")}
  </button>`;
}

/** A field's help text. It describes the field for screen readers even while it is hidden. */
export function helpText(id: string, text: string, open: boolean): TemplateResult {
  return html`<p class="help" id="${id}-help" ?hidden=${!open}>${text}</p>`;
}
