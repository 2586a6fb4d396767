import { html, type TemplateResult } from "lit";
import { icon } from "./icon.ts";
import { fill, type Texts } from "./texts.ts";

/** The button beside a label that shows and hides the help text of the field `id`. */
export function aboutButton(
  { strings }: Texts,
  field: { id: string; title: string; open: boolean },
  toggle: () => void,
): TemplateResult {
  const label = fill(strings.about, field.title);
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

/** A field's help text, which describes the field for screen readers even while it is folded away. */
export function helpText(id: string, text: string, open: boolean): TemplateResult {
  return html`<p class="help" id="${id}-help" ?hidden=${!open}>${text}</p>`;
}
