import * as vscode from "vscode";

/** The page with all of the user's generations. */
export const accountPage = vscode.Uri.parse("https://www.runcomfy.com/profile");
