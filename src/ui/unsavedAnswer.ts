import * as vscode from "vscode";
import { tell } from "./tell.ts";

/** Gives the user the id of a request that is paid for and stands nowhere but in this window. */
export async function tellUnsaved(requestId: string): Promise<void> {
  const copy = vscode.l10n.t("Copy Request ID");
  const answer = await tell(
    "error",
    vscode.l10n.t(
      "RunComfy took request {0}, but it cannot be written down here: the disk is full or locked. It keeps trying. If this window closes first, “Recover Video from Request ID…” fetches the video.",
      requestId,
    ),
    copy,
  );
  if (answer === copy) {
    await vscode.env.clipboard.writeText(requestId);
  }
}
