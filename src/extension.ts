import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { WanFlf2v } from "../api/wanFlf2v.d.ts";
import { createApi } from "./api.ts";
import type { App } from "./app.ts";
import { appCommandIds, lightCommandIds } from "./commands/ids.ts";
import { lightCommands } from "./commands/light.ts";
import { watchForRecipes } from "./host/anyRecipe.ts";
import { messageOf } from "./shared/errors.ts";
import { actionIds } from "./shared/jobs/actions.ts";
import { LazyTree } from "./ui/lazyTree.ts";
import { TaskProvider, taskType } from "./ui/recipes/taskProvider.ts";
import { tell } from "./ui/tell.ts";
import { textScheme } from "./ui/textScheme.ts";

/** Closed last, so that it also records what happens while the window closes. */
let channel: vscode.LogOutputChannel | undefined;
/** What this window has loaded. Closing it can then wait for the answer to a payment. */
let loaded: Promise<App> | undefined;

/**
 * Registers the commands and the panel, and resumes unfinished jobs if there have ever been any jobs. Everything heavy is
 * loaded when it is first needed. Gives what other extensions can use.
 */
export function activate(context: vscode.ExtensionContext): WanFlf2v {
  const log = vscode.window.createOutputChannel("Wan FLF2V", { log: true });
  channel = log;
  const tree = new LazyTree(async () => (await load()).jobsView);
  const view = vscode.window.createTreeView("wanFlf2v.jobs", { treeDataProvider: tree });
  const jobChanges = new vscode.EventEmitter<string>();
  const load = (): Promise<App> => {
    loaded ??= import("./app.ts").then(async ({ loadApp }) => {
      const app = await loadApp(context, log, view);
      tree.follow(app.jobsView);
      app.onDidChangeJob((id) => jobChanges.fire(id));
      return app;
    });
    // The user may fix what made it fail, so the next call tries again.
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  const command = (id: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`wanFlf2v.${id}`, run);
  const light = lightCommands(log);
  context.subscriptions.push(
    view,
    jobChanges,
    ...lightCommandIds.map((id) => command(id, light[id])),
    ...appCommandIds.map((id) => command(id, async (...args) => (await load()).commands.run(id, args))),
    ...actionIds.map((id) => command(`job.${id}`, async (row) => (await load()).commands.act(id, row))),
    vscode.tasks.registerTaskProvider(
      taskType,
      new TaskProvider(async (definition, folder) => (await load()).openTask(definition, folder)),
    ),
    vscode.workspace.registerTextDocumentContentProvider(textScheme, {
      provideTextDocumentContent: ({ query }) => query,
    }),
    vscode.window.registerWebviewPanelSerializer("wanFlf2v.panel", {
      deserializeWebviewPanel: async (panel) => (await load()).restorePanel(panel),
    }),
  );
  const loadNow = () => load().then(undefined, (error: unknown) => void tell("error", messageOf(error)));
  if (existsSync(join(context.globalStorageUri.fsPath, "journal.sqlite"))) {
    void loadNow();
  }
  context.subscriptions.push(watchForRecipes(() => loaded === undefined && void loadNow()));
  return createApi(load, jobChanges.event);
}

/** Waits until a payment in progress is recorded, before the window closes. */
export async function deactivate(): Promise<void> {
  await (await loaded?.catch(() => undefined))?.dispose();
  channel?.dispose();
}
