import * as vscode from "vscode";
import type { TableFault, TableProblem } from "../../recipes/table.ts";
import type { ValueFault } from "../../recipes/values.ts";
import { listText, numberText } from "../../shared/texts.ts";
import { plain } from "./plain.ts";

/** A fault's sentence by its code: a fault without one does not compile. */
type Sentences = { readonly [C in TableFault["code"]]: (fault: Extract<TableFault, { code: C }>) => string };

const sentences: Sentences = {
  tableTooLarge: ({ characters, rows }) =>
    vscode.l10n.t(
      "The table is too large. It can have at most {0} rows and {1} characters.",
      numberText(rows),
      numberText(characters),
    ),
  tableEmpty: () => vscode.l10n.t("The table has no rows below its first, which names the columns."),
  tableInvalid: ({ reason }) => vscode.l10n.t("This can’t be read as a table ({0}).", plain(reason)),
  columnMissing: ({ column }) => vscode.l10n.t("The column {0} is missing.", column),
  columnDuplicate: ({ column }) => vscode.l10n.t("The column {0} is here more than once.", column),
  columnUnknown: ({ column, meant }) =>
    meant === undefined
      ? vscode.l10n.t("The column {0} isn’t used.", plain(column))
      : vscode.l10n.t("The column {0} isn’t used. Did you mean {1}?", plain(column), meant),
  cellEmpty: ({ column }) => vscode.l10n.t("{0} is empty.", column),
  cellInvalid: ({ column, value, fault }) =>
    vscode.l10n.t("{0} can’t be {1}. Allowed: {2}.", column, plain(value), allowedText(fault)),
  pathWrong: ({ column, fault }) =>
    vscode.l10n.t({
      message: "{0}: {1}",
      args: [column, pathText(fault)],
      comment: ["{0} is the name of a column; {1} is what is wrong with it, a sentence"],
    }),
};

/** What is wrong with a table, with its line. */
export function tableProblemText(problem: TableProblem): string {
  return vscode.l10n.t({
    message: "Line {0}: {1}",
    args: [problem.line, sentenceFor(problem)],
    comment: ["{1} is what is wrong there, one or two sentences"],
  });
}

function sentenceFor<C extends TableFault["code"]>(fault: Extract<TableFault, { code: C }> & { code: C }): string {
  return sentences[fault.code](fault);
}

function allowedText(fault: ValueFault): string {
  switch (fault.code) {
    case "typeWrong":
      return fault.expected === "integer" ? vscode.l10n.t("a whole number") : vscode.l10n.t("a number");
    case "valueOutOfRange":
      return vscode.l10n.t({
        message: "{0}–{1}",
        args: [numberText(fault.minimum), numberText(fault.maximum)],
        comment: ["Lowest and highest allowed number"],
      });
    case "valueNotAllowed":
      return listText(fault.choices);
  }
}

function pathText(fault: Extract<TableFault, { code: "pathWrong" }>["fault"]): string {
  switch (fault) {
    case "pathAbsolute":
      return vscode.l10n.t("Use a path relative to the table.");
    case "pathBackslash":
      return vscode.l10n.t("Use / in paths, so that the recipe works on every system.");
    case "pathOutside":
      return vscode.l10n.t("This path leads out of the workspace folder.");
    case "pathInvalid":
      return vscode.l10n.t("This isn’t a valid path.");
    case "addressInvalid":
      return vscode.l10n.t("The image’s address must be a full https URL without a user name.");
    case "secretInside":
      return vscode.l10n.t("This has a token, a password or a signed address. Recipes are shared: remove it.");
  }
}
