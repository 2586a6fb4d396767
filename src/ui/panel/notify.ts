import * as vscode from "vscode";
import type { ShownProblem } from "../../shared/messages/panel.ts";
import { tell } from "../tell.ts";

/** Says in a notification what the panel's page, which is gone, would have shown, with the commands that help. */
export function notify({ message, actions = [] }: ShownProblem, kind: "problem" | "news"): void {
  const labels = actions.map(({ label }) => label);
  void tell(kind === "news" ? "info" : "error", message, ...labels).then((chosen) => {
    const action = actions.find(({ label }) => label === chosen);
    return action && vscode.commands.executeCommand(action.command, undefined, action.setting);
  });
}
