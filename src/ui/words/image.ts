import { basename } from "node:path";
import * as vscode from "vscode";
import { MAX_EDGE, MAX_FILE_BYTES } from "../../images/limits.ts";
import { megabytesText, numberText } from "./number.ts";
import { showLog } from "./offers.ts";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";

/** Why an image cannot be used. */
export const imageSentences = {
  imageAddressInvalid: ({ side }) => ({
    field: side,
    message: vscode.l10n.t(
      "The image’s address must be a whole https address without a user name. Nothing was sent and nothing paid.",
    ),
  }),
  imageAddressPrivate: ({ side, host }) => ({
    field: side,
    message: vscode.l10n.t(
      "{0} is this computer or in a private network, so RunComfy cannot read the image there. Nothing was sent and nothing paid.",
      host,
    ),
  }),
  notAFile: notAFileText,
  imageMissing: (problem) => vscode.l10n.t("{0} is not there any more. Choose another image.", basename(problem.path)),
  imageEmpty: (problem) => vscode.l10n.t("{0} is an empty file. Choose another image.", basename(problem.path)),
  notAnImage: (problem) =>
    vscode.l10n.t(
      "{0} is not an image. Choose a PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP file.",
      basename(problem.path),
    ),
  imageUnreadable: (problem) =>
    vscode.l10n.t("{0} is damaged or cannot be read. Export it again or choose another image.", basename(problem.path)),
  imageUnsupported: (problem) =>
    vscode.l10n.t(
      "{0} is of a kind that cannot be read here. Save it as PNG and choose that file.",
      basename(problem.path),
    ),
  imageTooLarge: tooLargeText,
  imageHarmful: (problem) => ({
    message: vscode.l10n.t(
      "{0} made the image reader fail twice, so it is skipped until the file changes. Nothing was sent. Save it as PNG and choose that file.",
      basename(problem.path),
    ),
    actions: [showLog],
  }),
  imageChanged: (problem) =>
    vscode.l10n.t(
      "{0} changed before the video was sent, so nothing was sent and nothing paid. Generate again.",
      basename(problem.path),
    ),
  imageLost: () =>
    vscode.l10n.t("The prepared images of this video are gone, so nothing was sent and nothing paid. Generate again."),
  workerFailed: (problem) => ({
    message:
      problem.reason === "timedOut"
        ? vscode.l10n.t("Preparing the images took too long and was ended. Nothing was sent. Try again.")
        : problem.reason === "notLoaded"
          ? vscode.l10n.t("The image reader could not be loaded. Nothing was sent. Install the extension again.")
          : vscode.l10n.t("The images could not be prepared ({0}). Nothing was sent. Try again.", problem.reason),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;

function notAFileText({ name, reason }: ProblemOf<"notAFile">): string {
  switch (reason) {
    case "elsewhere":
      return vscode.l10n.t("{0} is on another computer. Copy it here, and choose the copy.", name);
    case "unsaved":
      return vscode.l10n.t("{0} is not saved yet. Save it, and choose the file.", name);
    case "web":
      return vscode.l10n.t("{0} is an address on the web. Save the image here, and choose the file.", name);
    case "data":
      return vscode.l10n.t(
        "This image came without a file. Save it here and choose the file, or copy it and paste it.",
      );
    case "view":
      return vscode.l10n.t("{0} is not a file on disk, only a view of one. Choose the file itself.", name);
  }
}

/** Why an image is too large: for its file, for its kind, or for the memory there is. */
function tooLargeText({ path, width, height, maxPixels, bytes }: ProblemOf<"imageTooLarge">): string {
  const name = basename(path);
  if (bytes !== undefined) {
    return vscode.l10n.t(
      "{0} is too large to be opened ({1} MB). Nothing was sent. Choose an image file of at most {2} MB.",
      name,
      megabytesText(bytes),
      megabytesText(MAX_FILE_BYTES),
    );
  }
  return maxPixels === undefined
    ? vscode.l10n.t(
        "{0} does not fit into the available memory ({1} × {2} pixels). Nothing was sent. Save it smaller and choose that file.",
        name,
        width,
        height,
      )
    : vscode.l10n.t(
        "{0} is too large to be opened ({1} × {2} pixels). Nothing was sent. Choose an image of at most {3} pixels an edge and, of its kind, {4} megapixels.",
        name,
        width,
        height,
        MAX_EDGE,
        numberText(maxPixels / 1_000_000, 1),
      );
}
