import * as vscode from "vscode";
import type { Problem } from "../../shared/model/problem.ts";

/**
 * What delays a video, in the few words that a row of the list or the status bar has room for. The problem's own sentence
 * says what it means and what to do.
 */
export function troubleText(problem: Problem): string {
  switch (problem.code) {
    case "tokenMissing":
      return vscode.l10n.t("No API token");
    case "tokenRefused":
      return vscode.l10n.t("API token rejected");
    case "tokenStoreFails":
      return vscode.l10n.t("Secret storage can’t be read");
    case "notOurs":
      return vscode.l10n.t("API token of another account");
    case "requestUnknown":
      return vscode.l10n.t("Unknown to RunComfy");
    case "unreachable":
    case "certificate":
      return vscode.l10n.t("RunComfy can’t be reached");
    case "throttled":
    case "serviceTrouble":
      return vscode.l10n.t("Unusable answer from RunComfy");
    case "downloadFailed":
      return vscode.l10n.t("Download interrupted");
    case "noVideo":
      return vscode.l10n.t("RunComfy names no video");
    case "hostNotTrusted":
      return vscode.l10n.t("Unknown download host");
    case "videoExpired":
      return vscode.l10n.t("No longer at RunComfy");
    case "notAVideo":
      return vscode.l10n.t("Incomplete video");
    case "videoCheckFailed":
      return vscode.l10n.t("Video couldn’t be checked");
    case "videoTooLarge":
      return vscode.l10n.t("Video too large");
    case "folderUnusable":
      return vscode.l10n.t("Folder can’t be used");
    default:
      return vscode.l10n.t("Delayed");
  }
}
