import { basename } from "node:path";
import * as vscode from "vscode";
import { imageKinds } from "../../shared/model/imageKinds.ts";
import type { Problem } from "../../shared/model/problem.ts";

/** The kinds of images that are read, as a choice of names. */
export function imageKindsText(): string {
  const names = Object.values(imageKinds).map(({ name }) => name);
  return new Intl.ListFormat(vscode.env.language, { type: "disjunction" }).format(names);
}

/** Why an image is too large: for its file, for its kind, or for the memory there is. */
export function tooLargeText({
  path,
  width,
  height,
  maxPixels,
  bytes,
}: Extract<Problem, { code: "imageTooLarge" }>): string {
  const name = basename(path);
  if (bytes !== undefined) {
    return vscode.l10n.t(
      "{0} is too large to be opened ({1} MB). Nothing was sent. Choose an image file of at most 256 MB.",
      name,
      Math.round(bytes / 1048576),
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
        "{0} is too large to be opened ({1} × {2} pixels). Nothing was sent. Choose an image of at most 16384 pixels an edge and, of its kind, {3} megapixels.",
        name,
        width,
        height,
        maxPixels / 1_000_000,
      );
}
