import type { TemplateResult } from "lit";
import type { JobView } from "../../shared/messages/jobs.ts";
import { icon } from "./icon.ts";

/** The look of a job's state. Jobs that are held up, and jobs that the user has left, look different from all others. */
export function stateLook({ state, isHeldUp, isLeft }: JobView): string {
  return isLeft ? "left" : isHeldUp ? "heldUp" : state;
}

/** The icon of a job's state. */
export function stateIcon({ state, isHeldUp, isLeft }: JobView): TemplateResult {
  if (isHeldUp || isLeft) {
    return icon(isLeft ? "eye-closed" : "warning");
  }
  switch (state) {
    case "preparing":
    case "submitting":
    case "running":
    case "downloading":
      return icon("loading", "codicon-modifier-spin");
    case "waiting":
    case "queued":
      return icon("clockface");
    case "unclear":
    case "needsAction":
      return icon("warning");
    case "saved":
      return icon("pass");
    case "failed":
      return icon("error");
    case "cancelled":
      return icon("circle-slash");
  }
}
