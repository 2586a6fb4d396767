import { pathToFileURL } from "node:url";
import * as vscode from "vscode";

/** The program in the extension's folder that checks a video in its own thread. */
export function verifyWorkerIn(extensionUri: vscode.Uri): URL {
  return pathToFileURL(vscode.Uri.joinPath(extensionUri, "dist", "verify-worker.mjs").fsPath);
}
