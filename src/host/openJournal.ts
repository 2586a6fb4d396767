import { join } from "node:path";
import type * as vscode from "vscode";
import { Journal } from "../jobs/journal/journal.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import type { Log } from "./log.ts";

/**
 * Opens the journal, however long another program keeps it locked.
 * @param tell tells the user about a problem with it, each one once
 * @throws {ProblemError} `journalNewer`; `journalBusy` if the window closes in the meantime
 */
export async function openJournal(
  context: vscode.ExtensionContext,
  log: Log,
  tell: (problem: Problem) => void,
): Promise<Journal> {
  const setAside = (path: string) => {
    log.error(`journal: unreadable, a copy of it is ${path}`);
    tell({ code: "journalUnreadable", path });
  };
  const wentBack = () => {
    log.error("journal: it was emptied or replaced by an older one; what was known here was put back");
    tell({ code: "journalWentBack" });
  };
  let isClosed = false;
  context.subscriptions.push({
    dispose: () => {
      isClosed = true;
    },
  });
  for (let isTold = false; ; isTold = true) {
    try {
      const file = join(context.globalStorageUri.fsPath, "journal.sqlite");
      return await Journal.opened(file, setAside, undefined, wentBack);
    } catch (error) {
      if (isClosed || !(error instanceof ProblemError) || error.problem.code !== "journalBusy") {
        throw error;
      }
      if (!isTold) {
        tell(error.problem);
      }
    }
  }
}
