import * as vscode from "vscode";
import type { Job, Progress } from "../../jobs/job.ts";

type Reason = Extract<Progress, { state: "waiting" }>["reason"];

/**
 * Why a video was not sent yet, in one sentence.
 * @param atOnce how many videos are rendered at once, if that is known
 */
export function waitingText({ order }: Job, reason: Reason, atOnce: number | undefined): string {
  switch (reason) {
    case "turn":
      return atOnce === undefined
        ? vscode.l10n.t("Waiting for its turn")
        : vscode.l10n.t("Waiting ({0} at a time)", atOnce);
    case "unreachable":
      // An earlier POST of it may be paid for.
      return order.lost === undefined
        ? vscode.l10n.t(
            "RunComfy can’t be reached. Nothing was sent or charged. The video will be sent as soon as RunComfy responds.",
          )
        : vscode.l10n.t("RunComfy can’t be reached. The video will be sent again as soon as RunComfy responds.");
    case "throttled":
      return vscode.l10n.t("Waiting: RunComfy currently accepts no more requests.");
    case "token":
      return vscode.l10n.t("Waiting for an API token");
    case "setting":
      return vscode.l10n.t("Waiting: a setting is invalid. The video will be sent once you correct it.");
    case "fault":
      return vscode.l10n.t("Waiting: something went wrong here. This will be retried automatically.");
    case "storage":
      return vscode.l10n.t("Waiting: your image storage can’t be reached. The video will be sent once it can be.");
  }
}

/** The same in a few words; nothing where the sentence is short. */
export function waitingReason(reason: Reason): { readonly reason?: string } {
  switch (reason) {
    case "turn":
    case "token":
      return {};
    case "unreachable":
      return { reason: vscode.l10n.t("RunComfy can’t be reached") };
    case "throttled":
      return { reason: vscode.l10n.t("RunComfy is busy") };
    case "setting":
      return { reason: vscode.l10n.t("Invalid setting") };
    case "fault":
      return { reason: vscode.l10n.t("Delayed") };
    case "storage":
      return { reason: vscode.l10n.t("Image storage can’t be reached") };
  }
}
