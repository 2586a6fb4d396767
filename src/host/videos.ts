import { pathToFileURL } from "node:url";
import * as vscode from "vscode";

/** The program that checks a video in a thread of its own, in the extension's folder. */
export function verifyWorkerIn(extensionUri: vscode.Uri): URL {
  return pathToFileURL(vscode.Uri.joinPath(extensionUri, "dist", "verify-worker.mjs").fsPath);
}
