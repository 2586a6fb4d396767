import * as vscode from "vscode";
import { isStoredName, type TokenSource } from "../host/token.ts";
import { isLeft, nameOf } from "../jobs/facts.ts";
import { isEnded, type Job } from "../jobs/job.ts";
import { ask } from "./tell.ts";
import { firstNames } from "./words/names.ts";

/** The most jobs that a question names. */
const mostNamed = 5;

/**
 * Asks before removing the stored tokens while videos depend on them.
 * @returns false if the user cancelled.
 */
export async function confirmRemoval(jobs: readonly Job[]): Promise<boolean> {
  const names = jobs
    .filter(
      ({ progress, sentWith }) =>
        (!isEnded(progress) || isLeft(progress)) && sentWith !== undefined && isStoredName(sentWith),
    )
    .map(nameOf);
  if (names.length === 0) {
    return true;
  }
  return ask(
    names.length === 1
      ? vscode.l10n.t("Remove the API token that a video was sent with?")
      : vscode.l10n.t("Remove the API token that {0} videos were sent with?", names.length),
    [
      vscode.l10n.t(
        "RunComfy may still render them and charge for them. To fetch them you need a token of the same account; until then they wait.",
      ),
      "",
      ...firstNames(names, mostNamed, (name) => name),
    ],
    vscode.l10n.t("Remove API Token"),
  );
}

/** Which token is in use once the stored one is gone. */
export function usedNow(source: TokenSource): string {
  return source === "cli"
    ? vscode.l10n.t("The token file of RunComfy’s command-line client is now in use.")
    : vscode.l10n.t("The environment variable {0} is now in use.", source);
}
