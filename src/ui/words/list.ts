import * as vscode from "vscode";
import { showLog } from "./offers.ts";
import type { Code, Sentences } from "./sentence.ts";
import { notPossibleText } from "./state.ts";

/** What is wrong with the list of videos, or with what is asked of it. */
export const listSentences = {
  journalNewer: () =>
    vscode.l10n.t(
      "A newer version of this extension wrote the list of videos. Update the extension; nothing was changed or lost.",
    ),
  journalUnreadable: (problem) =>
    vscode.l10n.t(
      "The list of videos was damaged. What could be read of it was kept; a copy is at {0}. A video that is missing now can be fetched by its request id.",
      problem.path,
    ),
  journalWentBack: () =>
    vscode.l10n.t(
      "Something emptied the list of videos or put an older one in its place. What this window knew of your videos was put back, and nothing is sent twice. A video that is missing now can be fetched by its request id.",
    ),
  journalBusy: () =>
    vscode.l10n.t("Another program has the list of videos locked. Nothing was changed. Try again in a moment."),
  jobUnknown: () => vscode.l10n.t("This video is no longer in the list."),
  notPossibleNow: (problem) => notPossibleText(problem.state),
  unexpected: (problem) => ({
    message: vscode.l10n.t(
      "Unexpected error ({0}). It goes on by itself, and nothing is sent twice. The log tells more.",
      problem.reason,
    ),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;
