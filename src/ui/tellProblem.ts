import * as vscode from "vscode";
import type { Problem } from "../shared/model/problem.ts";
import { tell } from "./tell.ts";
import { problemText } from "./words/problem.ts";

/** Shows a problem in words, with the commands that help as buttons. */
export async function tellProblem(problem: Problem): Promise<void> {
  const { message, actions = [] } = problemText(problem);
  const chosen = await tell("warning", message, ...actions.map(({ label }) => label));
  const action = actions.find(({ label }) => label === chosen);
  if (action !== undefined) {
    await vscode.commands.executeCommand(action.command, undefined, action.setting);
  }
}
