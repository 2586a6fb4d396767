import * as vscode from "vscode";
import { getToken, setToken, showLog } from "./offers.ts";
import type { Code, Sentences } from "./sentence.ts";

/** What is wrong with the API token. */
export const tokenSentences = {
  tokenMissing: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "To fetch this video you need a RunComfy API token. Nothing is lost: set it and the video continues.",
        )
      : vscode.l10n.t("To render videos you need a RunComfy API token. Nothing was sent."),
    actions: sent ? [setToken] : [setToken, getToken],
  }),
  tokenRefused: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "RunComfy rejected the API token, so the video can’t be followed. Nothing is lost: set a valid token of the same account and the video continues.",
        )
      : vscode.l10n.t(
          "RunComfy rejected the API token. It may be mistyped, expired or revoked. Nothing was charged. Set a valid token, then send the video again.",
        ),
    actions: [setToken],
  }),
  tokenStoreFails: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "VS Code’s secret storage can’t be read, so the video can’t be followed. Nothing is lost: unlock your keyring and the video continues.",
        )
      : vscode.l10n.t(
          "VS Code’s secret storage can’t be read. Nothing was sent or charged. Unlock your keyring, and waiting videos will be sent.",
        ),
    actions: [showLog],
  }),
  tokenMalformed: (problem, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "The environment variable {0} doesn’t contain an API token, so the video can’t be followed. Nothing is lost: set a token of the same account and the video continues.",
          problem.variable,
        )
      : vscode.l10n.t(
          "The environment variable {0} doesn’t contain an API token: it must hold only the token, without quotes or “Bearer”. Nothing was sent. Correct it and restart VS Code, or set the token here.",
          problem.variable,
        ),
    actions: [setToken],
  }),
  notOurs: () => ({
    message: vscode.l10n.t(
      "RunComfy says this request belongs to another account. Set the token it was sent with. This extension keeps checking from time to time.",
    ),
    actions: [setToken],
  }),
} satisfies Partial<Sentences<Code>>;
