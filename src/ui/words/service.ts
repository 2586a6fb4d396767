import * as vscode from "vscode";
import { openAccount, showLog } from "./offers.ts";
import { asSentence, type Code, type Sentences } from "./sentence.ts";

/** What the service says of a request, or does not say. */
export const serviceSentences = {
  noBalance: () => ({
    message: vscode.l10n.t(
      "The RunComfy account has no balance left. Nothing was paid. Add credit there, then send again.",
    ),
    actions: [openAccount],
  }),
  refused: (problem) => ({
    message: vscode.l10n.t(
      "RunComfy refused the request ({0}): {1} Nothing was paid.",
      problem.serviceCode ?? problem.status,
      asSentence(problem.message),
    ),
    actions: [showLog],
  }),
  throttled: () => vscode.l10n.t("RunComfy takes no more requests at the moment. It will be tried again."),
  serviceTrouble: (problem) =>
    vscode.l10n.t(
      "RunComfy did not answer properly ({0}). The video goes on there; it will be asked again.",
      problem.reason || (problem.status ?? "?"),
    ),
  requestUnknown: () =>
    vscode.l10n.t(
      "RunComfy says that it does not know this request. It is asked again now and then; look at your generations there.",
    ),
  submitUnclear: (problem) => ({
    message:
      problem.requestId === undefined
        ? vscode.l10n.t(
            "RunComfy’s answer got lost ({0}): the video may or may not be paid for. Look at your generations there before you send again.",
            problem.reason,
          )
        : vscode.l10n.t(
            "RunComfy’s answer is not clear ({0}), but it names the request {1}: the video may be paid for. Enter that request id before you send again.",
            problem.reason,
            problem.requestId,
          ),
    actions: [openAccount],
  }),
  notSentAfterAll: () =>
    vscode.l10n.t("It did turn out that RunComfy never got the request. Nothing was paid; you can send it again."),
  requestFollowed: () => vscode.l10n.t("Another video in the list has this request. Nothing was changed."),
  watchStopped: () =>
    vscode.l10n.t(
      "You stopped watching this video. RunComfy may finish it and charge for it. Take it up again to fetch it; that costs nothing more.",
    ),
  generationFailed: (problem) =>
    vscode.l10n.t(
      "RunComfy could not make the video: {0}",
      problem.message === "" ? vscode.l10n.t("no reason was given.") : asSentence(problem.message),
    ),
  noVideo: () => vscode.l10n.t("RunComfy says the video is done but names no file. It is asked again; it is paid for."),
} satisfies Partial<Sentences<Code>>;
