import * as vscode from "vscode";
import { uploadKinds } from "../shared/model/uploadKinds.ts";
import { accountPage } from "../ui/accountPage.ts";
import type { Command } from "./command.ts";
import type { LightCommandId } from "./ids.ts";

const openSettings = (query: string) => vscode.commands.executeCommand("workbench.action.openSettings", query);

const hostingSettings = ["imageHosting", ...uploadKinds.map((kind) => `${kind}.*`), "deleteUploads"].map(
  (name) => `wanFlf2v.${name}`,
);

/** The commands that work before the application is loaded. */
export function lightCommands(log: vscode.LogOutputChannel): Record<LightCommandId, Command> {
  return {
    showLog: () => log.show(),
    openSettings: (_, setting) =>
      openSettings(typeof setting === "string" ? `@id:${setting}` : "@ext:wan-flf2v.wan-flf2v"),
    setMonthlyCap: () => openSettings("@id:wanFlf2v.monthlyCap"),
    openHostingSettings: () =>
      // If the window is connected to a remote machine, that machine's settings have their own tab.
      vscode.commands.executeCommand(
        `workbench.action.${vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings"}`,
        { query: `@id:${hostingSettings.join(",")}` },
      ),
    showRecipe: (recipe) => recipe instanceof vscode.Uri && vscode.commands.executeCommand("vscode.open", recipe),
    revealRecipe: (recipe) =>
      recipe instanceof vscode.Uri && vscode.commands.executeCommand("revealInExplorer", recipe),
    openAccount: () => vscode.env.openExternal(accountPage),
  };
}
