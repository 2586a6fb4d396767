import * as vscode from "vscode";
import { plain } from "./plain.ts";
import type { ProblemOf } from "./sentence.ts";

/** What is wrong with a setting, and what it can be, where that fits into a sentence. */
export function settingText({ setting, value, allowed }: ProblemOf<"settingInvalid">): string {
  const [name, found] = [plain(setting), quoted(plain(value))];
  return allowed === undefined
    ? vscode.l10n.t("The setting {0} can’t be {1}.", name, found)
    : vscode.l10n.t("The setting {0} can’t be {1}. Allowed: {2}.", name, found, plain(allowed));
}

/** A value of a setting or a parameter, which is JSON, as a sentence shows it. */
export function quoted(json: string): string {
  return json.replace(/^"(.*)"$/s, "“$1”");
}
