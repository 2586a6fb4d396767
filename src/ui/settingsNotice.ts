import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import type { Problem } from "../shared/model/problem.ts";
import { tell } from "./tell.ts";
import { problemText } from "./words/problem.ts";
import { settingText } from "./words/setting.ts";

/** Reports each invalid setting, once until it has been corrected. */
export class SettingsNotice implements vscode.Disposable {
  readonly #settings: Pick<Settings, "problems">;
  readonly #listener: vscode.Disposable;
  readonly #told = new Set<string>();

  constructor(settings: Pick<Settings, "problems" | "onDidChange">) {
    this.#settings = settings;
    this.#listener = settings.onDidChange(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #look(): void {
    const problems = this.#settings.problems();
    const names = problems.map(nameOf);
    for (const name of this.#told) {
      if (!names.includes(name)) {
        this.#told.delete(name);
      }
    }
    for (const problem of problems) {
      if (!this.#told.has(nameOf(problem))) {
        this.#told.add(nameOf(problem));
        void tellOf(problem);
      }
    }
  }
}

function nameOf(problem: Problem): string {
  return problem.code === "settingInvalid"
    ? problem.setting
    : problem.code === "variableUnknown"
      ? problem.where
      : problem.code;
}

async function tellOf(problem: Problem): Promise<void> {
  const open = vscode.l10n.t("Open Settings");
  const message =
    problem.code === "settingInvalid"
      ? vscode.l10n.t({
          message: "{0} Nothing new is sent until you correct it. Videos in progress continue.",
          args: [settingText(problem)],
          comment: ["{0} is what is wrong with a setting, one or two sentences"],
        })
      : problemText(problem).message;
  if ((await tell("warning", message, open)) === open) {
    await openSetting(problem);
  }
}

/** Opens the setting that a problem is about, or else all of this extension's settings. */
export async function openSetting(problem: Problem | undefined): Promise<void> {
  const actions = problem === undefined ? [] : (problemText(problem).actions ?? []);
  const setting = actions.find((action) => action.setting !== undefined)?.setting;
  await vscode.commands.executeCommand(
    "workbench.action.openSettings",
    setting === undefined ? "@ext:wan-flf2v.wan-flf2v" : `@id:${setting}`,
  );
}
