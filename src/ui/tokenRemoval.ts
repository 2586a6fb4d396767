import * as vscode from "vscode";
import type { TokenSource } from "../host/token.ts";
import { isEnded, type Job } from "../jobs/job.ts";
import { ask } from "./tell.ts";

/** Jobs that a question names at most. */
const mostNamed = 5;

/**
 * Asks before the stored tokens are removed while videos hang on them.
 * @returns false where the user decided against it.
 */
export async function confirmRemoval(jobs: readonly Job[]): Promise<boolean> {
  const names = jobs
    .filter((job) => !isEnded(job.progress) && job.sentWith?.startsWith("stored:"))
    .map((job) => job.order.name);
  if (names.length === 0) {
    return true;
  }
  const more = names.length - mostNamed;
  return ask(
    names.length === 1
      ? vscode.l10n.t("Remove the API token that a video in progress was sent with?")
      : vscode.l10n.t("Remove the API token that {0} videos in progress were sent with?", names.length),
    [
      vscode.l10n.t(
        "RunComfy still renders and charges for them. To fetch them you need another token of the same account; until then they wait.",
      ),
      "",
      ...names.slice(0, mostNamed),
      ...(more > 0 ? [vscode.l10n.t("and {0} more", more)] : []),
    ],
    vscode.l10n.t("Remove API Token"),
  );
}

/** Which token takes over where the stored one is gone. */
export function usedNow(source: TokenSource): string {
  return source === "cli"
    ? vscode.l10n.t("The token file of RunComfy’s command-line client is now in use.")
    : vscode.l10n.t("The environment variable {0} is now in use.", source);
}
