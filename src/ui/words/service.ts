import * as vscode from "vscode";
import { addCredit, openHistory, showLog } from "./offers.ts";
import { asSentence, type Code, type Sentences } from "./sentence.ts";

/** What the service says about a request, or fails to say. */
export const serviceSentences = {
  noBalance: () => ({
    message: vscode.l10n.t(
      "Your RunComfy balance is empty. Nothing was charged. Add credit at RunComfy, then send the video again.",
    ),
    actions: [addCredit],
  }),
  refused: (problem) => ({
    message: vscode.l10n.t(
      "RunComfy rejected the request ({0}): {1} Nothing was charged.",
      problem.serviceCode ?? problem.status,
      asSentence(problem.message),
    ),
    actions: [showLog],
  }),
  throttled: () => vscode.l10n.t("RunComfy currently accepts no more requests. This will be retried automatically."),
  serviceTrouble: (problem) =>
    vscode.l10n.t(
      "RunComfy’s answer was unusable ({0}). Nothing is lost, and nothing is sent again. This will be retried automatically.",
      problem.reason || (problem.status ?? "?"),
    ),
  requestUnknown: () =>
    vscode.l10n.t("RunComfy doesn’t know this request. You don’t need to do anything: this extension keeps checking."),
  submitUnclear: (problem) => ({
    message:
      problem.requestId === undefined
        ? vscode.l10n.t(
            "RunComfy’s answer was lost ({0}), so the video may or may not be paid for. Check your RunComfy history before sending again.",
            lostText(problem.reason),
          )
        : vscode.l10n.t(
            "RunComfy’s answer was unclear ({0}), but it names request {1}, so the video may be paid for. Fetch it before sending again.",
            problem.reason,
            problem.requestId,
          ),
    actions: [openHistory],
  }),
  notSentAfterAll: () =>
    vscode.l10n.t(
      "It turned out that RunComfy never received the request. Nothing was charged. You can send it again.",
    ),
  requestFollowed: () => vscode.l10n.t("Another video in the list has this request ID. Nothing was changed."),
  watchStopped: () =>
    vscode.l10n.t(
      "You stopped watching this video. RunComfy may finish it and charge for it. Resume watching to fetch it at no extra cost.",
    ),
  generationFailed: (problem) =>
    vscode.l10n.t(
      "RunComfy failed to render the video: {0}",
      problem.message === "" ? vscode.l10n.t("no reason was given.") : asSentence(problem.message),
    ),
  noVideo: () =>
    vscode.l10n.t(
      "RunComfy says the video is finished but names no file. The video is paid for. This extension keeps checking.",
    ),
} satisfies Partial<Sentences<Code>>;

/** Why an answer was lost: what the program notes in one word, in the user's; anything else is an error's code. */
function lostText(reason: string): string {
  switch (reason) {
    case "interrupted":
      return vscode.l10n.t("VS Code was closed or reloaded while the request was being sent");
    case "older journal":
      return vscode.l10n.t("the list of videos was replaced by an older copy");
    default:
      return reason;
  }
}
