import { basename } from "node:path";
import * as vscode from "vscode";
import { megabytesText } from "./number.ts";
import { changeSettings } from "./offers.ts";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";

/** What keeps a finished video from being saved or shown. */
export const savingSentences = {
  hostNotTrusted: (problem) =>
    problem.never
      ? vscode.l10n.t(
          "RunComfy named {0} as the place of the video. Videos are never fetched from such an address. Retry later, or look at your generations there.",
          problem.host,
        )
      : vscode.l10n.t(
          "The video is stored on {0}, which is not a known host of RunComfy. It was not downloaded.",
          problem.host,
        ),
  videoExpired: () =>
    vscode.l10n.t("The video is no longer at RunComfy’s storage. Retry, or look at your generations there."),
  downloadFailed: (problem) =>
    vscode.l10n.t("The download broke off ({0}). It will be tried again; nothing is lost.", problem.reason),
  notAVideo: (problem) =>
    vscode.l10n.t(
      "What RunComfy sent is not a whole video: {0} Retry the download; it costs nothing.",
      notAVideoText(problem.reason),
    ),
  videoCheckFailed: (problem) =>
    problem.path === undefined
      ? vscode.l10n.t(
          "The video was downloaded, but its file could not be checked: {0} The copy was removed; the video is paid for and can be downloaded again at no cost.",
          checkFailedText(problem.reason),
        )
      : vscode.l10n.t(
          "The video’s file could not be checked: {0} It stays as {1} and can be checked again at no cost.",
          checkFailedText(problem.reason),
          problem.path,
        ),
  videoTooLarge: (problem) => ({
    message: vscode.l10n.t(
      "The video is larger than the limit of {0} MB. Raise the limit in the settings, then retry.",
      megabytesText(problem.limit),
    ),
    actions: [{ ...changeSettings, setting: "wanFlf2v.maximumVideoSize" }],
  }),
  fileTooLargeToShow: (problem) =>
    vscode.l10n.t(
      "{0} is larger than {1} MB, too large to be shown here. Open it from the list.",
      basename(problem.path),
      megabytesText(problem.limit),
    ),
  folderUnusable: (problem) => folderText(problem.path, problem.reason),
} satisfies Partial<Sentences<Code>>;

function notAVideoText(reason: ProblemOf<"notAVideo">["reason"]): string {
  switch (reason) {
    case "empty":
      return vscode.l10n.t("the file is empty.");
    case "unknownFormat":
      return vscode.l10n.t("the file is of another kind.");
    case "noVideo":
      return vscode.l10n.t("there are no pictures in it.");
    case "truncated":
      return vscode.l10n.t("its end is missing.");
    case "damaged":
      return vscode.l10n.t("the file is damaged.");
    case "encrypted":
      return vscode.l10n.t("the file is encrypted.");
    case "noTimes":
      return vscode.l10n.t("the file does not say when its frames are shown.");
    case "tooLong":
      return vscode.l10n.t("the file lists far more frames than any such video has.");
    case "other":
      return vscode.l10n.t("the file cannot be read.");
  }
}

function checkFailedText(reason: ProblemOf<"videoCheckFailed">["reason"]): string {
  switch (reason) {
    case "time":
      return vscode.l10n.t("it took too long.");
    case "memory":
      return vscode.l10n.t("it took too much memory.");
    case "crashed":
      return vscode.l10n.t("it broke off.");
  }
}

/** Why a video cannot be saved in a folder, and what to do. */
function folderText(path: string, reason: ProblemOf<"folderUnusable">["reason"]): string {
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
