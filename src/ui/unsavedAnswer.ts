import * as vscode from "vscode";
import { tell } from "./tell.ts";

/** Gives the user the id of a paid request that is not yet recorded: it exists only in this window. */
export async function tellUnsaved(requestId: string): Promise<void> {
  const copy = vscode.l10n.t("Copy Request ID");
  const answer = await tell(
    "error",
    vscode.l10n.t(
      "RunComfy accepted request {0}, but it can’t be recorded here because the disk is full or locked. This extension keeps trying. If this window closes first, use “Recover Video from Request ID…” to fetch the video.",
      requestId,
    ),
    copy,
  );
  if (answer === copy) {
    await vscode.env.clipboard.writeText(requestId);
  }
}
