import * as vscode from "vscode";
import { videoSnippet } from "../output/snippet.ts";
import { tell } from "./tell.ts";

/**
 * Inserts HTML that shows a video at the cursor of the active text editor, or of the only visible one while the panel has
 * the focus. Without one, the HTML goes to the clipboard. The address is relative to that document.
 */
export async function insertSnippet(video: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? onlyEditor();
  const { uri } = editor?.document ?? {};
  const snippet = videoSnippet(
    video,
    uri?.scheme === "file" || uri?.scheme === "vscode-remote" ? uri.fsPath : undefined,
  );
  const isIn =
    editor !== undefined &&
    (await editor.edit((edit) => {
      for (const selection of editor.selections) {
        edit.replace(selection, snippet);
      }
    }));
  if (isIn) {
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    return;
  }
  await vscode.env.clipboard.writeText(snippet);
  void tell("info", vscode.l10n.t("No text editor is open, so the video’s HTML was copied to the clipboard."));
}

function onlyEditor(): vscode.TextEditor | undefined {
  const editors = vscode.window.visibleTextEditors.filter(({ document }) =>
    ["file", "untitled", "vscode-remote"].includes(document.uri.scheme),
  );
  return editors.length === 1 ? editors[0] : undefined;
}
