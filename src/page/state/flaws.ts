/** What is wrong with the fields of the form, in words. */

import * as l10n from "@vscode/l10n";
import type { Field, ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { isSettable, parameterTable } from "../../shared/model/parameters.ts";
import { numberText, promptEmptyText } from "../../shared/texts.ts";
import type { Flaw, Flaws } from "./form.ts";
import { fieldOrder } from "./form.ts";

/**
 * A sentence for each field that has a flaw.
 * @param defaults what empty fields stand for by the user's settings
 */
export function flawMessages(flaws: Flaws, defaults: Parameters): Partial<Record<Field, ShownProblem>> {
  const messages: Partial<Record<Field, ShownProblem>> = {};
  for (const field of fieldOrder) {
    const flaw = flaws[field];
    if (flaw === undefined) {
      continue;
    }
    messages[field] = { message: flawText(field, flaw, defaults), field };
  }
  return messages;
}

function flawText(field: Field, flaw: Flaw, defaults: Parameters): string {
  if (parameterTable[field].kind === "choice") {
    return l10n.t("Choose one of the values offered here.");
  }
  switch (flaw) {
    case "startMissing":
      return l10n.t("Choose the image the video starts with.");
    case "endMissing":
      return l10n.t("Choose the image the video ends with.");
    case "promptEmpty":
      return promptEmptyText();
    case "notWhole":
      return numberFlawText(field, true, defaults);
    case "notANumber":
    case "outOfRange":
      return numberFlawText(field, false, defaults);
  }
}

/** What a number can be, and what an empty field stands for, which may be a value that can't be entered. */
function numberFlawText(field: Field, isWhole: boolean, defaults: Parameters): string {
  const set = isSettable(field) ? defaults[field] : undefined;
  const row = parameterTable[field];
  const own = row.kind === "integer" || row.kind === "float" ? row.default : undefined;
  const [from, to] = limits(field);
  if (set !== undefined) {
    const args = [from, to, textOf(set)];
    return isWhole
      ? l10n.t(
          "Enter a whole number from {0} to {1}, or leave the field empty for the default from your settings ({2}).",
          ...args,
        )
      : l10n.t(
          "Enter a number from {0} to {1}, or leave the field empty for the default from your settings ({2}).",
          ...args,
        );
  }
  if (own === undefined) {
    return isWhole
      ? l10n.t("Enter a whole number from {0} to {1}, or leave the field empty for a random one.", from, to)
      : l10n.t("Enter a number from {0} to {1}, or leave the field empty for a random one.", from, to);
  }
  const args = [from, to, textOf(own)];
  return isWhole
    ? l10n.t("Enter a whole number from {0} to {1}, or leave the field empty for the model’s default ({2}).", ...args)
    : l10n.t("Enter a number from {0} to {1}, or leave the field empty for the model’s default ({2}).", ...args);
}

function textOf(value: string | number): string {
  return typeof value === "number" ? numberText(value) : value;
}

function limits(field: Field): [string, string] {
  const row = parameterTable[field];
  return row.kind === "integer" || row.kind === "float" ? [numberText(row.minimum), numberText(row.maximum)] : ["", ""];
}
