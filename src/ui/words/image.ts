import { basename } from "node:path";
import * as vscode from "vscode";
import { MAX_EDGE } from "../../images/limits.ts";
import { imageKinds, MAX_FILE_BYTES } from "../../shared/model/imageKinds.ts";
import { showLog } from "./offers.ts";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";
import { megabytesText, megapixelsText } from "./units.ts";

/** Why an image cannot be used. */
export const imageSentences = {
  imageAddressInvalid: ({ side }) => ({
    field: side,
    message: vscode.l10n.t(
      "The image’s address must be a full https URL without a user name. Nothing was sent or charged.",
    ),
  }),
  imageAddressPrivate: ({ side, host }) => ({
    field: side,
    message: vscode.l10n.t(
      "{0} is this computer or is on a private network, so RunComfy can’t read the image there. Nothing was sent or charged.",
      host,
    ),
  }),
  notAFile: notAFileText,
  imageMissing: (problem) => vscode.l10n.t("{0} no longer exists. Choose another image.", basename(problem.path)),
  imageEmpty: (problem) => vscode.l10n.t("{0} is an empty file. Choose another image.", basename(problem.path)),
  notAnImage: (problem) =>
    vscode.l10n.t(
      "{0} is not an image. Choose a file of one of these kinds: {1}.",
      basename(problem.path),
      imageKindsText(),
    ),
  imageUnreadable: (problem) =>
    vscode.l10n.t("{0} is damaged or can’t be read. Export it again or choose another image.", basename(problem.path)),
  imageUnsupported: (problem) =>
    vscode.l10n.t(
      "{0} uses a format that isn’t supported. Save it as PNG and choose that file.",
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
      "{0} changed before the video was sent. Nothing was sent or charged. Generate again.",
      basename(problem.path),
    ),
  imageLost: () =>
    vscode.l10n.t("The prepared images for this video are gone. Nothing was sent or charged. Generate again."),
  workerFailed: (problem) => ({
    message:
      problem.reason === "timedOut"
        ? vscode.l10n.t("Preparing the images took too long and was stopped. Nothing was sent. Try again.")
        : problem.reason === "notLoaded"
          ? vscode.l10n.t("The image reader couldn’t be loaded. Nothing was sent. Reinstall the extension.")
          : vscode.l10n.t("The images couldn’t be prepared ({0}). Nothing was sent. Try again.", problem.reason),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;

function notAFileText({ name, reason }: ProblemOf<"notAFile">): string {
  switch (reason) {
    case "elsewhere":
      return vscode.l10n.t("{0} is on another computer. Copy it to this one and choose the copy.", name);
    case "unsaved":
      return vscode.l10n.t("{0} isn’t saved yet. Save it and choose the file.", name);
    case "web":
      return vscode.l10n.t("{0} is a web address. Save the image to disk and choose the file.", name);
    case "data":
      return vscode.l10n.t("This image has no file. Save it to disk and choose the file, or copy and paste it.");
    case "view":
      return vscode.l10n.t("{0} is a view of a file, not a file on disk. Choose the file itself.", name);
  }
}

/** The kinds of images that are read, as a choice of names. */
function imageKindsText(): string {
  const names = Object.values(imageKinds).map(({ name }) => name);
  return new Intl.ListFormat(vscode.env.language, { type: "disjunction" }).format(names);
}

/** Why an image is too large: for its file, for its kind, or for the memory there is. */
function tooLargeText({ path, width, height, maxPixels, bytes }: ProblemOf<"imageTooLarge">): string {
  const name = basename(path);
  if (bytes !== undefined) {
    return vscode.l10n.t(
      "{0} is too large to open ({1} MB). Nothing was sent. Choose an image file of at most {2} MB.",
      name,
      megabytesText(bytes),
      megabytesText(MAX_FILE_BYTES),
    );
  }
  return maxPixels === undefined
    ? vscode.l10n.t(
        "{0} doesn’t fit in the available memory ({1} × {2} pixels). Nothing was sent. Save a smaller version and choose that file.",
        name,
        width,
        height,
      )
    : vscode.l10n.t(
        "{0} is too large to open ({1} × {2} pixels). Nothing was sent. Choose an image of at most {3} pixels per edge and, for this format, {4} megapixels.",
        name,
        width,
        height,
        MAX_EDGE,
        megapixelsText(maxPixels),
      );
}
