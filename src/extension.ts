import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Loaded } from "./app.ts";
import { messageOf } from "./shared/errors.ts";
import { actionIds } from "./ui/actionIds.ts";
import type { JobsView, Row } from "./ui/jobsView.ts";
import { tell } from "./ui/tell.ts";
import { textScheme } from "./ui/textScheme.ts";

/** Closed last of all: what goes on while the window closes is written down too. */
let channel: vscode.LogOutputChannel | undefined;
/** What this window has loaded, so that closing it can wait for a payment's answer. */
let loaded: Promise<Loaded> | undefined;

/**
 * Registers the commands and the panel, and goes on with unfinished jobs if there have ever been any. Everything heavy
 * is loaded when it is first needed.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Wan FLF2V", { log: true });
  channel = log;
  const tree = new LazyTree(() => load());
  const view = vscode.window.createTreeView("wanFlf2v.jobs", { treeDataProvider: tree });
  const load = (): Promise<Loaded> => {
    loaded ??= import("./app.ts").then(async ({ loadApp }) => {
      const app = await loadApp(context, log, view);
      tree.follow(app.app.jobsView);
      return app;
    });
    // What stopped it may be put right by the user, so the next call tries again.
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  const command = (name: string, run: (app: Loaded, args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`wanFlf2v.${name}`, async (...args: unknown[]) => run(await load(), args));

  context.subscriptions.push(
    view,
    command("generate", ({ commands }, [first, second]) => commands.generate(first, second)),
    command("selectStart", ({ commands }, [uri]) => commands.selectStart(uri)),
    command("generateWithSelected", ({ commands }, [uri]) => commands.generateWithSelected(uri)),
    command("openPanel", ({ commands }) => commands.openPanel()),
    command("setToken", ({ commands }, [from]) => commands.setToken(from)),
    command("removeToken", ({ commands }) => commands.removeToken()),
    command("setHostingCredentials", ({ commands }) => commands.setHostingCredentials()),
    command("removeHostingCredentials", ({ commands }) => commands.removeHostingCredentials()),
    command("testHosting", ({ commands }) => commands.testHosting()),
    command("showLeftovers", ({ commands }) => commands.showLeftovers()),
    command("checkAccount", ({ commands }) => commands.checkAccount()),
    command("setMonthlyCap", ({ commands }) => commands.setMonthlyCap()),
    command("recover", ({ commands }) => commands.recover()),
    command("copyDiagnostics", ({ commands }) => commands.copyDiagnostics()),
    ...actionIds.map((action) => command(`job.${action}`, ({ commands }, [row]) => commands.act(action, row))),
    command("showJobs", ({ app }) => app.jobsView.show()),
    command("getJob", ({ commands }, [id]) => commands.getJob(id)),
    command("openAccount", ({ commands }) => commands.openAccount()),
    vscode.commands.registerCommand("wanFlf2v.showLog", () => log.show()),
    vscode.commands.registerCommand("wanFlf2v.openSettings", (_: unknown, setting: unknown) =>
      vscode.commands.executeCommand(
        "workbench.action.openSettings",
        typeof setting === "string" ? `@id:${setting}` : "@ext:wan-flf2v.wan-flf2v",
      ),
    ),
    vscode.commands.registerCommand("wanFlf2v.openHostingSettings", () =>
      // Where the window is connected to another machine, that machine's settings have a tab of their own.
      vscode.commands.executeCommand(
        `workbench.action.${vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings"}`,
        { query: "@id:wanFlf2v.imageHosting,wanFlf2v.s3.*,wanFlf2v.put.*,wanFlf2v.deleteUploads" },
      ),
    ),
    vscode.workspace.registerTextDocumentContentProvider(textScheme, {
      provideTextDocumentContent: ({ query }) => query,
    }),
    vscode.window.registerWebviewPanelSerializer("wanFlf2v.panel", {
      deserializeWebviewPanel: async (panel) => (await load()).app.panel.restore(panel),
    }),
  );
  if (existsSync(join(context.globalStorageUri.fsPath, "journal.sqlite"))) {
    load().catch((error: unknown) => tell("error", messageOf(error)));
  }
}

/** The list of jobs before anything is loaded: the app is loaded when the list is first looked at. */
class LazyTree implements vscode.TreeDataProvider<Row> {
  readonly #load: () => Promise<Loaded>;
  readonly #didChange = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(load: () => Promise<Loaded>) {
    this.#load = load;
  }

  follow(view: JobsView): void {
    view.onDidChangeTreeData((row) => this.#didChange.fire(row));
    this.#didChange.fire(undefined);
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return (await this.#load()).app.jobsView.getChildren(row);
  }

  async getParent(row: Row): Promise<Row | undefined> {
    return (await this.#load()).app.jobsView.getParent(row);
  }

  async getTreeItem(row: Row): Promise<vscode.TreeItem> {
    return (await this.#load()).app.jobsView.getTreeItem(row);
  }
}

/** Lets a payment under way be written down before the window is gone. */
export async function deactivate(): Promise<void> {
  await (await loaded?.catch(() => undefined))?.app.jobs.dispose();
  channel?.dispose();
}
