import * as vscode from "vscode";

/** The names of at most that many items, and how many more there are; each is a line. */
export function firstNames<T>(items: readonly T[], most: number, nameOf: (item: T) => string): string[] {
  const more = items.length - most;
  const names = items.slice(0, most).map(nameOf);
  return more > 0 ? [...names, vscode.l10n.t("and {0} more", more)] : names;
}
