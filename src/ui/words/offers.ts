import * as vscode from "vscode";

// The commands that help with a problem.

export const setToken = { command: "wanFlf2v.setToken", label: vscode.l10n.t("Set API Token…") };
export const getToken = { command: "wanFlf2v.openAccount", label: vscode.l10n.t("Get a Token") };
export const openSettings = { command: "wanFlf2v.openHostingSettings", label: vscode.l10n.t("Image Hosting Settings") };
export const setCredentials = {
  command: "wanFlf2v.setHostingCredentials",
  label: vscode.l10n.t("Set Image Hosting Credentials…"),
};
export const testHosting = { command: "wanFlf2v.testHosting", label: vscode.l10n.t("Test Image Hosting") };
export const setCap = { command: "wanFlf2v.setMonthlyCap", label: vscode.l10n.t("Set Monthly Cap…") };
export const changeSettings = { command: "wanFlf2v.openSettings", label: vscode.l10n.t("Open Settings") };
export const showLog = { command: "wanFlf2v.showLog", label: vscode.l10n.t("Show Log") };
export const addCredit = { command: "wanFlf2v.openAccount", label: vscode.l10n.t("Add Credit at RunComfy") };
export const openHistory = { command: "wanFlf2v.openAccount", label: vscode.l10n.t("Open RunComfy History") };
export const openFolder = { command: "workbench.action.files.openFolder", label: vscode.l10n.t("Open Folder…") };
