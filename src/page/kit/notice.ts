import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { IntentEvent } from "./element.ts";
import { icon } from "./icon.ts";

/** Buttons for the actions that a problem offers. */
export function problemActions(problem: ShownProblem | undefined): TemplateResult | typeof nothing {
  if (problem?.actions === undefined || problem.actions.length === 0) {
    return nothing;
  }
  return html`<div class="actions">
    ${problem.actions.map(
      ({ command, setting, label }) =>
        html`<vscode-button
          secondary
          @click=${(event: Event) => event.target?.dispatchEvent(new IntentEvent({ kind: "command", command, setting }))}
          >${label}</vscode-button
        >`,
    )}
  </div>`;
}

/** The area at the top of the page: good news, a problem that belongs to no field, and a problem with the settings. */
export function noticePlace(
  notice: (ShownProblem & { readonly isGood?: true }) | undefined,
  trouble: ShownProblem | undefined,
  dismiss: () => void,
): TemplateResult {
  return html`<div class="notice-place" role="alert">
    ${trouble === undefined ? nothing : noticeBox(trouble, false, nothing)}
    ${
      notice === undefined
        ? nothing
        : noticeBox(
            notice,
            notice.isGood === true,
            html`<vscode-toolbar-button
              icon="close"
              label=${l10n.t("Dismiss")}
              title=${l10n.t("Dismiss")}
              @click=${dismiss}
            ></vscode-toolbar-button>`,
          )
    }
  </div>`;
}

function noticeBox(problem: ShownProblem, isGood: boolean, close: TemplateResult | typeof nothing): TemplateResult {
  return html`<div class=${isGood ? "notice good" : "notice"}>
    ${icon(isGood ? "pass" : "error")}
    <div>
      <p>${problem.message}</p>
      ${problemActions(problem)}
    </div>
    ${close}
  </div>`;
}

/**
 * The message under a field, which the field references as its description. It stays in the page, empty, if there is
 * none.
 */
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
