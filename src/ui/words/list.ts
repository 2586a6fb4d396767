import * as vscode from "vscode";
import { showLog } from "./offers.ts";
import type { Code, Sentences } from "./sentence.ts";
import { notPossibleText } from "./state.ts";

/** What is wrong with the list of videos, or with a request to it. */
export const listSentences = {
  journalNewer: () =>
    vscode.l10n.t(
      "A newer version of this extension wrote the list of videos. Nothing was changed or lost. Update the extension.",
    ),
  journalUnreadable: (problem) =>
    vscode.l10n.t(
      "The list of videos was damaged. What could be read was kept; a copy is at {0}. If a video is missing, fetch it by its request ID.",
      problem.path,
    ),
  journalWentBack: () =>
    vscode.l10n.t(
      "The list of videos was emptied or replaced by an older one. What this window knew about your videos was restored, and nothing is sent twice. If a video is missing, fetch it by its request ID.",
    ),
  journalBusy: () =>
    vscode.l10n.t("Another program has locked the list of videos. Nothing was changed. Try again in a moment."),
  jobUnknown: () => vscode.l10n.t("This video is no longer in the list."),
  notPossibleNow: (problem) => notPossibleText(problem.state),
  unexpected: (problem) => ({
    message: vscode.l10n.t(
      "Unexpected error ({0}). This will be retried automatically, and nothing is sent twice. See the log for details.",
      problem.reason,
    ),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;
