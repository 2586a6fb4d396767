import { html, type TemplateResult } from "lit";

/** A codicon, silent for screen readers: what it says is always said in words too. */
export function icon(name: string, extra = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;
}
