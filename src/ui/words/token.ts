import * as vscode from "vscode";
import { setToken, showLog } from "./offers.ts";
import type { Code, Sentences } from "./sentence.ts";

/** What is wrong with the API token. */
export const tokenSentences = {
  tokenMissing: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "An API token of RunComfy is needed to fetch this video. Nothing is lost: set it and the job goes on.",
        )
      : vscode.l10n.t("An API token of RunComfy is needed. Nothing was sent."),
    actions: [setToken],
  }),
  tokenRefused: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "RunComfy refused the API token, so the video cannot be followed. Nothing is lost: set a valid token of the same account and the job goes on.",
        )
      : vscode.l10n.t(
          "RunComfy refused the API token: it is wrong, expired or revoked. Nothing was paid. Set a valid one and try again.",
        ),
    actions: [setToken],
  }),
  tokenStoreFails: (_, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "VS Code’s secret storage cannot be read, so the video cannot be followed. Nothing is lost: unlock your keyring and the job goes on.",
        )
      : vscode.l10n.t(
          "VS Code’s secret storage cannot be read, so nothing is sent and nothing paid. Unlock your keyring; what waits is then sent.",
        ),
    actions: [showLog],
  }),
  tokenMalformed: (problem, sent) => ({
    message: sent
      ? vscode.l10n.t(
          "The environment variable {0} holds no API token, so the video cannot be followed. Nothing is lost: set a token of the same account and the job goes on.",
          problem.variable,
        )
      : vscode.l10n.t(
          "The environment variable {0} holds no API token: it must be the token alone, without quotes or “Bearer”. Nothing was sent. Correct it and restart VS Code, or set the token here.",
          problem.variable,
        ),
    actions: [setToken],
  }),
  notOurs: () => ({
    message: vscode.l10n.t(
      "RunComfy says that this request belongs to another account. Set the token it was sent with; it is asked again now and then.",
    ),
    actions: [setToken],
  }),
} satisfies Partial<Sentences<Code>>;
