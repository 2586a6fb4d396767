import * as vscode from "vscode";
import { isEnded, type Job, openBefore, requestIdOf } from "../../jobs/job.ts";
import { plain } from "./plain.ts";
import { problemText } from "./problem.ts";

/** RunComfy doesn't know the request, whose id the user may have mistyped; and what was not confirmed before that. */
export function deniedText(job: Job): string {
  const id = plain(requestIdOf(job.progress) ?? "");
  const before = openBefore(job);
  const isTyped = before !== undefined || job.order.parameters === undefined;
  const denied = isEnded(job.progress)
    ? isTyped
      ? vscode.l10n.t(
          "RunComfy doesn’t know the request ID {0}. If you mistyped it, enter it again. Otherwise, resume watching, and this extension keeps checking.",
          id,
        )
      : vscode.l10n.t(
          "RunComfy doesn’t know the request ID {0}. Resume watching, and this extension keeps checking.",
          id,
        )
    : isTyped
      ? vscode.l10n.t(
          "RunComfy doesn’t know the request ID {0}. If you mistyped it, enter it again. Otherwise, you don’t need to do anything: this extension keeps checking.",
          id,
        )
      : vscode.l10n.t(
          "RunComfy doesn’t know the request ID {0}. You don’t need to do anything: this extension keeps checking.",
          id,
        );
  return before === undefined ? denied : `${denied} ${problemText(before).message}`;
}
