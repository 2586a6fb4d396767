import { html, nothing, type TemplateResult } from "lit";
import type { ShownProblem } from "../../src/ui/panel/protocol.ts";
import { IntentEvent } from "./element.ts";
import { icon } from "./icon.ts";

/** The buttons for what can be done about a problem. */
export function problemActions(problem: ShownProblem | undefined): TemplateResult | typeof nothing {
  if (problem?.actions === undefined || problem.actions.length === 0) {
    return nothing;
  }
  return html`<div class="actions">
    ${problem.actions.map(
      ({ command, label }) =>
        html`<vscode-button
          secondary
          @click=${(event: Event) => event.target?.dispatchEvent(new IntentEvent({ kind: "command", command }))}
          >${label}</vscode-button
        >`,
    )}
  </div>`;
}

/** The message under a field, which the field names as its description. Stays in the page, empty, when all is well. */
export function fieldMessage(
  id: string,
  message: string | undefined,
  problem: ShownProblem | undefined,
): TemplateResult {
  return html`<div class="field-message" ?hidden=${message === undefined}>
    <p id=${id}>${message === undefined ? nothing : html`${icon("error")}<span>${message}</span>`}</p>
    ${problemActions(problem)}
  </div>`;
}
