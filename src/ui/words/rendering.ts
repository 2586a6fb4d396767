import { basename } from "node:path";
import * as vscode from "vscode";
import type { Code, Sentences } from "./sentence.ts";

/** Why nothing is rendered. */
export const renderingSentences = {
  recipeBroken: (problem) =>
    problem.errors === 1
      ? vscode.l10n.t("{0} has an error. Nothing was sent. Open it to see what is wrong.", basename(problem.path))
      : vscode.l10n.t(
          "{0} has {1} errors. Nothing was sent. Open it to see what is wrong.",
          basename(problem.path),
          problem.errors,
        ),
  recipeUpToDate: (problem) =>
    vscode.l10n.t(
      "{0} is up to date. Nothing was sent. Render more takes to get another video.",
      basename(problem.path),
    ),
  recipeBusy: () => vscode.l10n.t("This recipe has just been rendered elsewhere. Nothing was sent."),
  alreadyRendered: (problem) =>
    vscode.l10n.t(
      "{0} was made of exactly this, with the same seed, and is still there. Nothing was sent.",
      basename(problem.video),
    ),
} satisfies Partial<Sentences<Code>>;
