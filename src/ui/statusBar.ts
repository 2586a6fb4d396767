import * as vscode from "vscode";
import { waitsForUser } from "../jobs/facts.ts";
import { isEnded, type Job } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { signTable } from "../shared/jobs/signs.ts";
import { activeText, attentionCount, openText } from "./words/counts.ts";
import { jobText } from "./words/job.ts";
import { firstNames } from "./words/names.ts";
import { iconId, signOf } from "./words/sign.ts";
import { titleOf } from "./words/title.ts";

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
    const standing = open.filter((job) => waitsForUser(job.progress));
    const active = open.filter((job) => !waitsForUser(job.progress));
    this.#item.text = open.length === 1 ? oneText(first) : severalText(active, standing);
    this.#item.accessibilityInformation = {
      label: open.length === 1 ? `${titleOf(first)}: ${briefly(first)}` : openText(active, standing),
    };
    const needsAttention = standing.length > 0;
    this.#item.backgroundColor = needsAttention ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.tooltip = tooltip(active, standing);
    this.#item.show();
  }

  #create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("wanFlf2v.jobs", vscode.StatusBarAlignment.Left);
    item.name = vscode.l10n.t("Wan FLF2V Videos");
    item.command = "wanFlf2v.showJobs";
    return item;
  }
}

/** As long as nothing is wrong, the icon says what the state is about. */
function oneText(job: Job): string {
  const sign = signOf(job, jobText(job));
  return `$(${signTable[sign].tone === "warning" ? iconId(sign) : "device-camera-video"}) ${briefly(job)}`;
}

/** What runs and what needs attention are two facts. */
function severalText(active: readonly Job[], standing: readonly Job[]): string {
  const warning = `$(${iconId("needsAction")})`;
  if (active.length === 0) {
    return `${warning} ${attentionCount(standing.length)}`;
  }
  const attention = standing.length === 0 ? "" : ` · ${warning} ${standing.length}`;
  return `$(${iconId("running")}) ${activeText(active)}${attention}`;
}

/** What delays a job, or else its state. */
function briefly(job: Job): string {
  const { state, trouble, reason } = jobText(job);
  return trouble ?? reason ?? state;
}

function tooltip(active: readonly Job[], standing: readonly Job[]): string {
  const named = (jobs: readonly Job[]) => firstNames(jobs, mostNamed, (job) => `${titleOf(job)}: ${briefly(job)}`);
  const groups = [
    { title: vscode.l10n.t("Needs Attention"), names: named(standing) },
    { title: vscode.l10n.t("In Progress"), names: named(active) },
  ].filter(({ names }) => names.length > 0);
  const lines = groups.length === 1 ? groups : groups.map(({ title, names }) => ({ names: [`${title}:`, ...names] }));
  return lines.flatMap(({ names }) => names).join("\n");
}
