import * as vscode from "vscode";
import { aboutText, unitPriceText } from "../../shared/model/money.ts";
import type { Problem } from "../../shared/model/problem.ts";

/** What a month has come to, and what it may. */
export function capText({ cap, spent, estimate }: Extract<Problem, { code: "capReached" }>): string {
  const { language } = vscode.env;
  const [limit, sum] = [unitPriceText(cap, language), aboutText(spent, language)];
  return estimate === undefined
    ? vscode.l10n.t(
        "Your monthly cap of {0} USD is reached: this month’s videos come to about {1} USD, those under way included. Nothing was sent.",
        limit,
        sum,
      )
    : vscode.l10n.t(
        "This video, about {2} USD, would go beyond your monthly cap of {0} USD: this month’s videos come to about {1} USD, those under way included. Nothing was sent.",
        limit,
        sum,
        aboutText(estimate, language),
      );
}

/** Why a video cannot be saved in a folder, and what to do. */
export function folderText(path: string, reason: Extract<Problem, { code: "folderUnusable" }>["reason"]): string {
  switch (reason) {
    case "missing":
      return vscode.l10n.t("The folder {0} is gone. Choose another folder for the video.", path);
    case "readOnly":
      return vscode.l10n.t("The folder {0} cannot be written to. Choose another folder for the video.", path);
    case "notAFolder":
      return vscode.l10n.t("{0} is not a folder. Choose another folder for the video.", path);
    case "full":
      return vscode.l10n.t("There is no room left for the video in {0}. Make room or choose another folder.", path);
    case "other":
      return vscode.l10n.t("The video cannot be saved in {0}. Choose another folder for it.", path);
  }
}
