import { posix } from "node:path";
import * as vscode from "vscode";
import { ProblemError } from "../shared/model/problem.ts";

/**
 * Where a URI comes from: the extension host, whose files are on its own machine, or the window, which may run on another
 * machine.
 */
export type Speaker = "host" | "window";

/** True for a `vscode-remote:` URI on the machine that this window works on. */
export type IsHere = (remote: vscode.Uri) => boolean;

/**
 * The absolute path that a URI refers to, on the machine that reads images and saves videos.
 * @throws {ProblemError} `notAFile` with the reason: it is on another machine, is not saved, or is not a file at all.
 */
export function pathOf(uri: vscode.Uri, speaker: Speaker, isHere: IsHere): string {
  const refused = (reason: "elsewhere" | "unsaved" | "web" | "data" | "view") =>
    new ProblemError({ code: "notAFile", name: posix.basename(uri.path) || uri.authority, reason });
  switch (uri.scheme) {
    case "file":
      if (speaker === "window" && vscode.env.remoteName !== undefined) {
        throw refused("elsewhere");
      }
      return filePath(uri, refused);
    case "vscode-remote":
      if (!isHere(uri)) {
        throw refused("elsewhere");
      }
      return uri.with({ scheme: "file", authority: "" }).fsPath;
    case "vscode-local":
      throw refused("elsewhere");
    case "untitled":
      throw refused("unsaved");
    case "http":
    case "https":
      throw refused("web");
    case "data":
    case "blob":
      throw refused("data");
    default:
      throw refused("view");
  }
}

/** A server in a `file:` URI means a network share on Windows. Other systems have no path for it. */
function filePath(uri: vscode.Uri, refused: (reason: "elsewhere") => ProblemError): string {
  if (uri.authority.toLowerCase() === "localhost") {
    return uri.with({ authority: "" }).fsPath;
  }
  if (uri.authority !== "" && process.platform !== "win32") {
    throw refused("elsewhere");
  }
  return uri.fsPath;
}

/**
 * The absolute path of a dropped file, from its URI in the window.
 * @throws {ProblemError} `notAFile`.
 */
export function droppedPath(address: string, isHere: IsHere): string {
  return pathOf(parsed(address), "window", isHere);
}

function parsed(address: string): vscode.Uri {
  try {
    return vscode.Uri.parse(address, true);
  } catch {
    throw new ProblemError({ code: "notAFile", name: address.slice(0, 100), reason: "view" });
  }
}
