import * as vscode from "vscode";
import { accountPage } from "../ui/accountPage.ts";
import type { Command } from "./command.ts";
import type { LightCommandId } from "./ids.ts";

const openSettings = (query: string) => vscode.commands.executeCommand("workbench.action.openSettings", query);

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
        { query: "@id:wanFlf2v.imageHosting,wanFlf2v.s3.*,wanFlf2v.put.*,wanFlf2v.deleteUploads" },
      ),
    openAccount: () => vscode.env.openExternal(accountPage),
  };
}
