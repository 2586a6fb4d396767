import * as vscode from "vscode";
import { plain } from "./plain.ts";

/** Characters of a message at most: more than VS Code shows of one. */
const longest = 2000;

/** A question that stands before all else until it is answered. */
interface Modal {
  readonly modal: true;
  readonly detail: string;
}

/**
 * A message to the user, with buttons, of which it gives the chosen one. Whatever stands in it, no part of it becomes a
 * link or a command: this is the only way to VS Code's messages.
 */
export function tell(
  kind: "info" | "warning" | "error",
  message: string,
  ...buttons: readonly string[]
): Thenable<string | undefined> {
  const text = plain(message, longest);
  switch (kind) {
    case "info":
      return vscode.window.showInformationMessage(text, ...buttons);
    case "warning":
      return vscode.window.showWarningMessage(text, ...buttons);
    case "error":
      return vscode.window.showErrorMessage(text, ...buttons);
  }
}

/** Asks before something is done. Gives whether the user said yes; each line of the details is a paragraph. */
export async function ask(question: string, details: readonly string[], yes: string): Promise<boolean> {
  const options: Modal = { modal: true, detail: details.map((line) => plain(line, longest)).join("\n") };
  return (await vscode.window.showWarningMessage(plain(question, longest), options, yes)) === yes;
}

/** A word in passing, in the status bar. */
export function mention(message: string): void {
  vscode.window.setStatusBarMessage(plain(message), 5000);
}
