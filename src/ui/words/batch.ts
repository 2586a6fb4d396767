import { basename } from "node:path";
import * as vscode from "vscode";
import { namesText, numberText, pluralText } from "../../shared/texts.ts";
import { plain } from "./plain.ts";
import type { Code, Sentences } from "./sentence.ts";

/** Why recipes were not created. */
export const batchSentences = {
  outsideWorkspace: (problem) =>
    vscode.l10n.t(
      "{0} isn’t in a folder of this workspace. Recipes name their images relative to it. Nothing was created.",
      problem.path,
    ),
  batchTooLarge: (problem) =>
    vscode.l10n.t(
      "{0} has more than {1} images. Choose a smaller folder. Nothing was created.",
      basename(problem.path),
      numberText(problem.limit),
    ),
  tableUnreadable: (problem) =>
    vscode.l10n.t("The table {0} can’t be read. Nothing was created.", basename(problem.path)),
  tableBroken: (problem) =>
    pluralText(
      problem.errors,
      vscode.l10n.t("{0} has an error. Nothing was created. {1}", basename(problem.path), problem.first),
      vscode.l10n.t(
        "{0} has {2} errors. Nothing was created. {1}",
        basename(problem.path),
        problem.first,
        problem.errors,
      ),
    ),
  recipeNotWritten: (problem) => {
    const message = vscode.l10n.t("{0} couldn’t be written ({1}).", problem.path, problem.reason);
    return problem.made === 0 ? message : `${message} ${createdText(problem.made)}`;
  },
} satisfies Partial<Sentences<Code>>;

function createdText(count: number): string {
  return pluralText(count, vscode.l10n.t("{0} recipe created.", count), vscode.l10n.t("{0} recipes created.", count));
}

/** What became of a batch: how many recipes were made, and what was left out. */
export function batchText(done: {
  readonly created: number;
  readonly known: number;
  /** Paths. */
  readonly unmatched: readonly string[];
  readonly missing: readonly string[];
}): string {
  const { created, known, unmatched, missing } = done;
  return [
    createdText(created),
    ...(known === 0
      ? []
      : [
          pluralText(
            known,
            vscode.l10n.t("{0} has been there already.", known),
            vscode.l10n.t("{0} have been there already.", known),
          ),
        ]),
    ...(unmatched.length === 0 ? [] : [unmatchedText(unmatched)]),
    ...(missing.length === 0 ? [] : [missingText(missing)]),
  ].join(" ");
}

/** Which images are in no pair. Paths. */
export function unmatchedText(unmatched: readonly string[]): string {
  const args = [unmatched.length, names(unmatched)];
  return pluralText(
    unmatched.length,
    vscode.l10n.t("{0} image had no partner: {1}", ...args),
    vscode.l10n.t("{0} images had no partner: {1}", ...args),
  );
}

function missingText(missing: readonly string[]): string {
  const args = [missing.length, names(missing)];
  return pluralText(
    missing.length,
    vscode.l10n.t("{0} image isn’t there: {1}", ...args),
    vscode.l10n.t("{0} images aren’t there: {1}", ...args),
  );
}

function names(paths: readonly string[]): string {
  return namesText(paths.map((path) => plain(basename(path))));
}
