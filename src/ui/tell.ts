import * as vscode from "vscode";
import { plain } from "./words/plain.ts";

/** The most characters of a message: more than VS Code shows. */
const longest = 2000;

/** A question that blocks everything else until it is answered. */
interface Modal {
  readonly modal: true;
  readonly detail: string;
}

/**
 * Shows a message with buttons and returns the chosen button. Whatever the message contains, no part of it becomes a link or
 * a command, so all of VS Code's messages go through here.
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

/**
 * Asks a modal question; each line of the details is a paragraph. `stay` is the button that changes nothing; without it,
 * VS Code's own "Cancel" does that. Returns the chosen button; undefined if nothing should change.
 */
export async function choose(
  question: string,
  details: readonly string[],
  buttons: readonly string[],
  stay?: string,
): Promise<string | undefined> {
  const options: Modal = { modal: true, detail: details.map((line) => plain(line, longest)).join("\n") };
  const items: vscode.MessageItem[] = buttons.map((title) => ({ title }));
  const chosen = await vscode.window.showWarningMessage(
    plain(question, longest),
    options,
    ...(stay === undefined ? items : [...items, { title: stay, isCloseAffordance: true }]),
  );
  return chosen?.isCloseAffordance === true ? undefined : chosen?.title;
}

/** Asks a modal question, as `choose` does. Returns whether the user said yes. */
export async function ask(question: string, details: readonly string[], yes: string, stay?: string): Promise<boolean> {
  return (await choose(question, details, [yes], stay)) === yes;
}

/** Shows a short message in the status bar for a while. */
export function mention(message: string): void {
  vscode.window.setStatusBarMessage(plain(message), 5000);
}
