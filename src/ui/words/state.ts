import * as vscode from "vscode";
import { stateSchema } from "../../shared/jobs/states.ts";

/** Why something cannot be done with a video in a state; a state may also be one that this version does not know. */
export function notPossibleText(state: string): string {
  const known = stateSchema.safeParse(state).data;
  if (known === undefined) {
    return vscode.l10n.t("This is no longer possible.");
  }
  switch (known) {
    case "preparing":
      return vscode.l10n.t("This is not possible: the video is now being prepared.");
    case "waiting":
      return vscode.l10n.t("This is not possible: the video is now waiting to be sent.");
    case "submitting":
      return vscode.l10n.t("This is not possible: the video is now being sent.");
    case "queued":
      return vscode.l10n.t("This is not possible: the video is now in RunComfy’s queue.");
    case "running":
      return vscode.l10n.t("This is not possible: the video is now being rendered.");
    case "downloading":
      return vscode.l10n.t("This is not possible: the video is now being saved.");
    case "unclear":
    case "needsAction":
      return vscode.l10n.t("This is not possible: the video is now waiting for you.");
    case "saved":
      return vscode.l10n.t("This is not possible: the video is saved.");
    case "failed":
      return vscode.l10n.t("This is not possible: the video has failed.");
    case "cancelled":
      return vscode.l10n.t("This is not possible: the video was cancelled.");
  }
}
