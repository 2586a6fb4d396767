import { ProblemError } from "../../shared/model/problem.ts";
import { unexpectedText } from "../../shared/texts.ts";
import { problemText } from "./problem.ts";

/** Why something did not work, as a sentence in the user's language. */
export function errorText(error: unknown): string {
  return error instanceof ProblemError ? problemText(error.problem).message : unexpectedText();
}

/** A problem as an Error in the user's words, for VS Code to show; any other error as it is. */
export function inWords(error: unknown): unknown {
  return error instanceof ProblemError ? new Error(problemText(error.problem).message, { cause: error }) : error;
}
