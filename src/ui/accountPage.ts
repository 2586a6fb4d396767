import * as vscode from "vscode";

/** Where a person finds all generations of their account. */
export const accountPage = vscode.Uri.parse("https://www.runcomfy.com/profile");
