import * as vscode from "vscode";
import { stateSchema } from "../../shared/jobs/states.ts";

/** Why an action isn't available in a state, which may be one that this version doesn't know. */
export function notPossibleText(state: string): string {
  const known = stateSchema.safeParse(state).data;
  if (known === undefined) {
    return vscode.l10n.t("This action is no longer available.");
  }
  switch (known) {
    case "preparing":
      return vscode.l10n.t("This action isn’t available: the video is being prepared.");
    case "waiting":
      return vscode.l10n.t("This action isn’t available: the video is waiting to be sent.");
    case "submitting":
      return vscode.l10n.t("This action isn’t available: the video is being sent.");
    case "queued":
      return vscode.l10n.t("This action isn’t available: the video is in RunComfy’s queue.");
    case "running":
      return vscode.l10n.t("This action isn’t available: the video is being rendered.");
    case "downloading":
      return vscode.l10n.t("This action isn’t available: the video is being saved.");
    case "unclear":
    case "needsAction":
      return vscode.l10n.t("This action isn’t available: the video needs your attention.");
    case "saved":
      return vscode.l10n.t("This action isn’t available: the video is already saved.");
    case "failed":
      return vscode.l10n.t("This action isn’t available: the video failed.");
    case "cancelled":
      return vscode.l10n.t("This action isn’t available: the video was cancelled.");
  }
}
