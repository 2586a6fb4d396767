import * as vscode from "vscode";
import type { TokenCheck } from "../host/connection.ts";
import { isToken } from "../host/token.ts";
import type { Balance } from "../runcomfy/balance.ts";
import { aboutText } from "../shared/model/money.ts";
import { accountPage } from "./accountPage.ts";
import { ask } from "./tell.ts";

/** A token to store, and the message about it. */
interface EnteredToken {
  readonly token: string;
  readonly message: string;
}

/**
 * Asks for a token in an input box with a link to where users get one. A free call checks what they enter. It
 * returns a valid token, reports a rejected one in the box, and lets the user decide about one that couldn't be checked.
 * @returns undefined if the user cancelled.
 */
export async function askToken(check: (token: string) => Promise<TokenCheck>): Promise<EnteredToken | undefined> {
  const input = vscode.window.createInputBox();
  input.title = vscode.l10n.t("RunComfy API Token");
  input.prompt = vscode.l10n.t(
    "Paste the token from your RunComfy profile. It is stored in VS Code’s secret storage and sent only to RunComfy.",
  );
  input.password = true;
  input.ignoreFocusOut = true;
  const getOne: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("link-external"),
    tooltip: vscode.l10n.t("Get a Token from RunComfy"),
  };
  input.buttons = [getOne];

  /** Checks what is in the box. Undefined keeps the box open. */
  const accept = async (): Promise<EnteredToken | undefined> => {
    const token = input.value.trim();
    if (!isToken(token)) {
      input.validationMessage = vscode.l10n.t("A token is a single word without spaces or colons.");
      return undefined;
    }
    input.validationMessage = "";
    input.busy = true;
    input.enabled = false;
    try {
      const { sight, balance } = await check(token);
      switch (sight.kind) {
        case "seen":
          return { token, message: validText(balance) };
        case "refused":
          input.validationMessage = vscode.l10n.t(
            "RunComfy rejected this token. It may be mistyped, expired or revoked. Copy it again from your RunComfy profile; only the newest token is valid.",
          );
          return undefined;
        case "unread":
          return (await confirmUnchecked(sight.reason))
            ? {
                token,
                message: vscode.l10n.t("Token saved, but not checked."),
              }
            : undefined;
      }
    } finally {
      input.busy = false;
      input.enabled = true;
    }
  };

  try {
    return await new Promise<EnteredToken | undefined>((done, failed) => {
      input.onDidTriggerButton(() => void vscode.env.openExternal(accountPage));
      input.onDidChangeValue(() => {
        input.validationMessage = "";
      });
      input.onDidAccept(() => {
        if (!input.busy) {
          accept().then((entered) => {
            if (entered !== undefined) {
              done(entered);
            }
          }, failed);
        }
      });
      input.onDidHide(() => done(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

function validText(balance: Balance): string {
  return balance.kind === "known"
    ? vscode.l10n.t("Token saved. Balance: {0} USD", aboutText(balance.usd, vscode.env.language))
    : vscode.l10n.t("Token saved.");
}

function confirmUnchecked(reason: string): Promise<boolean> {
  return ask(
    vscode.l10n.t("Couldn’t check the token."),
    [
      vscode.l10n.t(
        "RunComfy couldn’t be reached ({0}), so it’s unknown whether the token is valid. You can save it anyway. If it turns out to be invalid, RunComfy rejects your next video and charges nothing.",
        reason,
      ),
    ],
    vscode.l10n.t("Save Anyway"),
  );
}
