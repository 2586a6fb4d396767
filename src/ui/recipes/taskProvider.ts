import * as vscode from "vscode";
import { excluded, recipeGlob } from "../../host/globs.ts";

/** The type of our tasks, as `tasks.json` has it. */
export const taskType = "wanFlf2v";

/** Makes the terminal of a task, from its definition and the absolute path of its workspace folder, if it has one. */
type OpenTask = (definition: unknown, folder: string | undefined) => Promise<vscode.Pseudoterminal>;

/** Offers a build of each workspace folder's recipes as a task, and runs the tasks that users define. */
export class TaskProvider implements vscode.TaskProvider {
  readonly #open: OpenTask;

  constructor(open: OpenTask) {
    this.#open = open;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const folders = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === "file") ?? [];
    const tasks = folders.map(async (folder) => {
      const [recipe] = await vscode.workspace.findFiles(
        new vscode.RelativePattern(folder.uri, recipeGlob),
        excluded,
        1,
      );
      const name = vscode.l10n.t("Render Stale Recipes");
      return recipe === undefined ? [] : [this.#task({ type: taskType, glob: recipeGlob }, folder, name)];
    });
    return (await Promise.all(tasks)).flat();
  }

  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    return this.#task(definition, scope ?? vscode.TaskScope.Workspace, name);
  }

  #task(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope.Global | vscode.TaskScope.Workspace,
    name: string,
  ): vscode.Task {
    const folder = typeof scope === "object" ? scope.uri.fsPath : undefined;
    const execution = new vscode.CustomExecution((resolved) => this.#open(resolved, folder));
    // The workspace counts where a task belongs to no folder of it.
    const place = typeof scope === "object" ? scope : vscode.TaskScope.Workspace;
    const task = new vscode.Task(definition, place, name, "Wan FLF2V", execution, `$${taskType}`);
    task.group = vscode.TaskGroup.Build;
    return task;
  }
}
