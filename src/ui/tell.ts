import * as vscode from "vscode";
import { plain } from "./words/plain.ts";

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

/**
 * Asks what is to be done, before all else; each line of the details is a paragraph. `stay` is the button that leaves all
 * as it is; without it, that is VS Code's own "Cancel". Gives the chosen button; undefined where all stays as it is.
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

/** Asks before something is done, as `choose` does. Gives whether the user said yes. */
export async function ask(question: string, details: readonly string[], yes: string, stay?: string): Promise<boolean> {
  return (await choose(question, details, [yes], stay)) === yes;
}

/** A word in passing, in the status bar. */
export function mention(message: string): void {
  vscode.window.setStatusBarMessage(plain(message), 5000);
}
