import { posix } from "node:path";
import * as vscode from "vscode";
import { ProblemError } from "../shared/model/problem.ts";

/**
 * Where an address comes from: the extension host, whose files are those of its machine, or the window, which may be on
 * another.
 */
export type Speaker = "host" | "window";

/** True for a `vscode-remote:` address of the machine that this window works on. */
export type IsHere = (remote: vscode.Uri) => boolean;

/**
 * The absolute path of an address on the machine where images are read and videos saved.
 * @throws {ProblemError} `notAFile` with the reason: it is on another machine, is not saved, or is no file at all.
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

/** A server in a `file:` address is a share on Windows. Other systems have no path for it. */
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
 * The absolute path of a dropped file, from the address that the window gives it.
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
