import * as vscode from "vscode";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { Problem } from "../../shared/model/problem.ts";

type SourceCode = "imageAddressInvalid" | "imageAddressPrivate" | "notAFile";

/** Why something that was named as an image is none, before anybody looked into it. */
export function sourceText(problem: Extract<Problem, { code: SourceCode }>): ShownProblem {
  switch (problem.code) {
    case "imageAddressInvalid":
      return {
        field: problem.side,
        message: vscode.l10n.t(
          "The image’s address must be a whole https address without a user name. Nothing was sent and nothing paid.",
        ),
      };
    case "imageAddressPrivate":
      return {
        field: problem.side,
        message: vscode.l10n.t(
          "{0} is this computer or in a private network, so RunComfy cannot read the image there. Nothing was sent and nothing paid.",
          problem.host,
        ),
      };
    case "notAFile":
      return { message: notAFileText(problem) };
  }
}

function notAFileText({ name, reason }: Extract<Problem, { code: "notAFile" }>): string {
  switch (reason) {
    case "elsewhere":
      return vscode.l10n.t("{0} is on another computer. Copy it here, and choose the copy.", name);
    case "unsaved":
      return vscode.l10n.t("{0} is not saved yet. Save it, and choose the file.", name);
    case "web":
      return vscode.l10n.t("{0} is an address on the web. Save the image here, and choose the file.", name);
    case "data":
      return vscode.l10n.t(
        "This image came without a file. Save it here and choose the file, or copy it and paste it.",
      );
    case "view":
      return vscode.l10n.t("{0} is not a file on disk, only a view of one. Choose the file itself.", name);
  }
}
