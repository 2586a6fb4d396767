import * as vscode from "vscode";
import { waitsForUser } from "../jobs/facts.ts";
import { isEnded, type Job } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { jobText } from "./words/job.ts";
import { firstNames } from "./words/names.ts";
import { plain } from "./words/plain.ts";

/** The most videos that the tooltip names. */
const mostNamed = 10;

/** One item in the status bar while a job is in progress or needs attention. */
export class StatusBar implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list">;
  readonly #end: () => void;
  #item: vscode.StatusBarItem | undefined;

  constructor(jobs: Pick<JobService, "list" | "onDidChange">) {
    this.#jobs = jobs;
    this.#end = jobs.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    this.#end();
    this.#item?.dispose();
  }

  #update(): void {
    const open = this.#jobs.list().filter((job) => !isEnded(job.progress));
    const [first] = open;
    if (first === undefined) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= this.#create();
    const standing = open.filter((job) => waitsForUser(job.progress)).length;
    const what = open.length === 1 ? briefly(first) : vscode.l10n.t("{0} videos", open.length);
    const isTroubled = standing > 0 || open.some((job) => jobText(job).trouble !== undefined);
    this.#item.text = `$(${isTroubled ? "warning" : "device-camera-video"}) ${standing > 0 && open.length > 1 ? vscode.l10n.t("{0} of {1} need attention", standing, open.length) : what}`;
    this.#item.backgroundColor = standing > 0 ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.tooltip = tooltip(open);
    this.#item.show();
  }

  #create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("wanFlf2v.jobs", vscode.StatusBarAlignment.Left);
    item.name = vscode.l10n.t("Wan FLF2V Videos");
    item.command = "wanFlf2v.showJobs";
    return item;
  }
}

/** What delays a job, or else its state. */
function briefly(job: Job): string {
  const { state, trouble } = jobText(job);
  return trouble ?? state;
}

function tooltip(open: readonly Job[]): string {
  return firstNames(open, mostNamed, (job) => `${plain(job.order.name)}: ${briefly(job)}`).join("\n");
}
