import * as vscode from "vscode";
import type { Problem } from "../../shared/model/problem.ts";
import { plain } from "./plain.ts";

/** The most characters of the service's own words in a row. */
const longestReason = 60;

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

/** Why a video failed, in as few words. */
export function failureText(problem: Problem): string {
  switch (problem.code) {
    case "noBalance":
      return vscode.l10n.t("RunComfy balance is empty");
    case "refused":
      return vscode.l10n.t("Rejected by RunComfy");
    case "dataUriRefused":
      return vscode.l10n.t("Embedded images rejected by RunComfy");
    case "imagesTooLarge":
      return vscode.l10n.t("Images too large for one request");
    case "notSentAfterAll":
      return vscode.l10n.t("Never received by RunComfy");
    case "generationFailed": {
      const message = problem.message.trim();
      return message === ""
        ? vscode.l10n.t("Rendering failed")
        : vscode.l10n.t("Rendering failed: {0}", plain(message, longestReason));
    }
    case "imageLost":
      return vscode.l10n.t("Prepared images are gone");
    case "imageChanged":
      return vscode.l10n.t("An image has changed");
    case "imageMissing":
      return vscode.l10n.t("An image is missing");
    case "storageNotConfigured":
    case "credentialsMissing":
      return vscode.l10n.t("Image upload isn’t set up");
    case "storageRefused":
      return vscode.l10n.t("Rejected by your image storage");
    case "certificate":
      return vscode.l10n.t("No secure connection to RunComfy");
    case "tokenMissing":
    case "tokenRefused":
    case "tokenStoreFails":
    case "notOurs":
    case "requestUnknown":
    case "unreachable":
    case "noVideo":
    case "folderUnusable":
    case "videoExpired":
    case "notAVideo":
      return troubleText(problem);
    default:
      return vscode.l10n.t("Failed");
  }
}
