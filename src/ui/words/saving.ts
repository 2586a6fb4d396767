import { basename } from "node:path";
import * as vscode from "vscode";
import { changeSettings } from "./offers.ts";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";
import { megabytesText } from "./units.ts";

/** What keeps a finished video from being saved or shown. */
export const savingSentences = {
  hostNotTrusted: (problem) =>
    problem.never
      ? forbiddenHostText(problem.host)
      : vscode.l10n.t(
          "The video is hosted on {0}, which isn’t a known RunComfy host, so it wasn’t downloaded yet. It is paid for. If you trust {0}, download it at no extra cost.",
          problem.host,
        ),
  videoExpired: () =>
    vscode.l10n.t(
      "RunComfy’s storage doesn’t have the video right now. Retry at no cost, or check your RunComfy history.",
    ),
  downloadFailed: (problem) =>
    vscode.l10n.t(
      "The download was interrupted ({0}). Nothing is lost. This will be retried automatically.",
      problem.reason,
    ),
  notAVideo: (problem) =>
    vscode.l10n.t(
      "The file that RunComfy sent isn’t a complete video: {0} Retry the download at no cost.",
      notAVideoText(problem.reason),
    ),
  videoCheckFailed: (problem) =>
    problem.path === undefined
      ? vscode.l10n.t(
          "The video was downloaded, but its file couldn’t be checked: {0} The copy was removed. The video is paid for, and you can download it again at no cost.",
          checkFailedText(problem.reason),
        )
      : vscode.l10n.t(
          "The video’s file couldn’t be checked: {0} It stays at {1}, and you can check it again at no cost.",
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
  videoMissing: (problem) =>
    vscode.l10n.t(
      "{0} no longer exists. If you deleted it, you can render it again from its recipe.",
      basename(problem.path),
    ),
  notARecipe: (problem) => vscode.l10n.t("{0} isn’t a recipe that this version can read.", basename(problem.path)),
  takeUnknown: (problem) => vscode.l10n.t("{0} has no other such take.", basename(problem.path)),
  recipeLocked: (problem) =>
    vscode.l10n.t(
      "{0} can’t be changed: it is read-only, isn’t valid JSON, or is being written all the time.",
      basename(problem.path),
    ),
  recipeUnknown: (problem) =>
    vscode.l10n.t(
      "No recipe was found for {0}: the video wasn’t made by this extension, or its recipe is neither in this workspace nor in the list of videos.",
      basename(problem.path),
    ),
  fileTooLargeToShow: (problem) =>
    vscode.l10n.t(
      "{0} is larger than {1} MB, so it can’t be shown here. Open it from the list.",
      basename(problem.path),
      megabytesText(problem.limit),
    ),
  folderUnusable: (problem, sent) => ({
    message: `${folderText(problem.path, problem.reason)} ${
      sent
        ? vscode.l10n.t("The video is paid for and still at RunComfy; retrying costs nothing.")
        : vscode.l10n.t("Nothing was sent.")
    }`,
    ...(sent ? {} : { actions: [{ ...changeSettings, setting: "wanFlf2v.outputFolder" }] }),
  }),
} satisfies Partial<Sentences<Code>>;

/** Some addresses name no host, such as that of a file. */
function forbiddenHostText(host: string): string {
  return host === ""
    ? vscode.l10n.t(
        "RunComfy named an address for the video that isn’t on the web. Videos are never downloaded from such an address. Retry later, or check your RunComfy history.",
      )
    : vscode.l10n.t(
        "RunComfy says the video is at {0}. Videos are never downloaded from such an address. Retry later, or check your RunComfy history.",
        host,
      );
}

function notAVideoText(reason: ProblemOf<"notAVideo">["reason"]): string {
  switch (reason) {
    case "empty":
      return vscode.l10n.t("the file is empty.");
    case "unknownFormat":
      return vscode.l10n.t("the file isn’t a video.");
    case "noVideo":
      return vscode.l10n.t("it contains no frames.");
    case "truncated":
      return vscode.l10n.t("the end is missing.");
    case "damaged":
      return vscode.l10n.t("the file is damaged.");
    case "encrypted":
      return vscode.l10n.t("the file is encrypted.");
    case "noTimes":
      return vscode.l10n.t("it doesn’t specify when its frames are shown.");
    case "tooLong":
      return vscode.l10n.t("it lists far more frames than such a video can have.");
    case "other":
      return vscode.l10n.t("the file can’t be read.");
  }
}

function checkFailedText(reason: ProblemOf<"videoCheckFailed">["reason"]): string {
  switch (reason) {
    case "time":
      return vscode.l10n.t("it took too long.");
    case "memory":
      return vscode.l10n.t("it needed too much memory.");
    case "crashed":
      return vscode.l10n.t("it crashed.");
  }
}

/** Why a video cannot be saved in a folder, and what to do. */
function folderText(path: string, reason: ProblemOf<"folderUnusable">["reason"]): string {
  switch (reason) {
    case "missing":
      return vscode.l10n.t("The folder {0} no longer exists. Choose another folder for the video.", path);
    case "readOnly":
      return vscode.l10n.t("The folder {0} isn’t writable. Choose another folder for the video.", path);
    case "notAFolder":
      return vscode.l10n.t("{0} is not a folder. Choose another folder for the video.", path);
    case "full":
      return vscode.l10n.t(
        "There isn’t enough space for the video in {0}. Free some space or choose another folder.",
        path,
      );
    case "other":
      return vscode.l10n.t("The video can’t be saved in {0}. Choose another folder.", path);
  }
}
