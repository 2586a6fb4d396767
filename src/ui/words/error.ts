import { ProblemError } from "../../shared/model/problem.ts";
import { problemText } from "./problem.ts";

/** A problem as an Error in the user's words, for VS Code to show; any other error as it is. */
export function inWords(error: unknown): unknown {
  return error instanceof ProblemError ? new Error(problemText(error.problem).message, { cause: error }) : error;
}
