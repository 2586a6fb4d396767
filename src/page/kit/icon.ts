import { html, type TemplateResult } from "lit";

/** A codicon, hidden from screen readers: text always says the same. */
export function icon(name: string, extra = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;
}
