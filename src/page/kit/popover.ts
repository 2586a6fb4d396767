import { html, type TemplateResult } from "lit";
import { icon } from "./icon.ts";

/** Says that there is more than meets the eye, which may end between two entries. It is the last part of a popover. */
export function moreBelow(): TemplateResult {
  return html`<div class="more-below" aria-hidden="true">${icon("chevron-down")}</div>`;
}
