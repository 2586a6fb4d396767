import { basename } from "node:path";
import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import { runTimesFor } from "../jobs/history.ts";
import { costOf, isEnded, type Job, needsUser, requestIdOf, type State } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { UploadKind } from "../model/hosting.ts";
import { durationOf, fpsOf, framesOf, sizeOf } from "../model/parameters.ts";
import { durationText } from "./durations.ts";
import { costText, jobText } from "./jobSentences.ts";
import { aboutText } from "./money.ts";

type Group = "active" | "standing" | "done";
/** A row of the view: one of the three groups, a job by its id, or what only a later version can read. */
export type Row = { readonly group: Group } | { readonly id: string } | { readonly newer: true };

const groups: readonly Group[] = ["standing", "active", "done"];
/** Elapsed times are brought up to date this often while somebody looks, ms. */
const refreshEvery = 1000;

/** The list of all jobs in the activity bar. It owns nothing: each row is read from the job service. */
export class JobsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #jobs: JobService;
  readonly #settings: Settings;
  readonly #view: vscode.TreeView<Row>;
  readonly #didChange = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly #disposables: vscode.Disposable[];
  #list: readonly Job[] = [];
  /** One object per row for its whole life, so that a single row can be brought up to date. */
  readonly #rows = new Map<string, Row>();
  #timer: NodeJS.Timeout | undefined;

  constructor(jobs: JobService, settings: Settings, view: vscode.TreeView<Row>) {
    this.#jobs = jobs;
    this.#settings = settings;
    this.#view = view;
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(jobs.onDidChange(() => this.#refresh())),
      settings.onDidChange(() => this.#refresh()),
      view.onDidChangeVisibility(() => this.#refresh()),
      { dispose: () => clearTimeout(this.#timer) },
    ];
    this.#refresh();
  }

  get onDidChangeTreeData(): vscode.Event<Row | Row[] | undefined> {
    return this.#didChange.event;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  /** Shows the list with the focus in it: on its first row, where it was not in sight. */
  async show(): Promise<void> {
    const wasVisible = this.#view.visible;
    await vscode.commands.executeCommand("wanFlf2v.jobs.focus");
    const [first] = this.getChildren();
    // A list that VS Code has only just made takes the focus by a row of it alone.
    if (!wasVisible && first !== undefined) {
      await this.#view.reveal(first, { focus: true, select: false });
    }
  }

  getParent(row: Row): Row | undefined {
    const job = "id" in row ? this.#list.find(({ id }) => id === row.id) : undefined;
    return job && this.#row(groupOf(job), { group: groupOf(job) });
  }

  getChildren(row?: Row): Row[] {
    if (row === undefined) {
      const rows = groups.filter((group) => this.#of(group).length > 0).map((group) => this.#row(group, { group }));
      return this.#jobs.unreadable() === 0 ? rows : [...rows, this.#row("newer", { newer: true })];
    }
    return "group" in row ? this.#of(row.group).map(({ id }) => this.#row(id, { id })) : [];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    if ("group" in row) {
      const item = new vscode.TreeItem(groupLabel(row.group), vscode.TreeItemCollapsibleState.Expanded);
      item.id = row.group;
      return item;
    }
    if ("newer" in row) {
      return newerItem(this.#jobs.unreadable());
    }
    const job = this.#list.find(({ id }) => id === row.id);
    return job === undefined ? new vscode.TreeItem("") : jobItem(job, this.#list, this.#settings.uploader());
  }

  #of(group: Group): readonly Job[] {
    return this.#list.filter((job) => groupOf(job) === group);
  }

  #row(key: string, row: Row): Row {
    const known = this.#rows.get(key) ?? row;
    this.#rows.set(key, known);
    return known;
  }

  #refresh(): void {
    this.#list = this.#jobs.list();
    const open = this.#list.filter((job) => !isEnded(job.progress)).length;
    this.#view.badge =
      open === 0
        ? undefined
        : {
            value: open,
            tooltip: open === 1 ? vscode.l10n.t("1 video under way") : vscode.l10n.t("{0} videos under way", open),
          };
    this.#didChange.fire(undefined);
    this.#watch();
  }

  /** Keeps the elapsed times of the active rows going while somebody looks; the rest of the list is left in peace. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#view.visible && this.#of("active").length > 0) {
      this.#timer = setTimeout(() => {
        this.#didChange.fire(this.#of("active").map(({ id }) => this.#row(id, { id })));
        this.#watch();
      }, refreshEvery);
    }
  }
}

function groupOf({ progress }: Job): Group {
  return isEnded(progress) ? "done" : needsUser(progress) ? "standing" : "active";
}

function groupLabel(group: Group): string {
  switch (group) {
    case "active":
      return vscode.l10n.t("In Progress");
    case "standing":
      return vscode.l10n.t("Needs You");
    case "done":
      return vscode.l10n.t("Done");
  }
}

function newerItem(count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    count === 1 ? vscode.l10n.t("1 video of a newer version") : vscode.l10n.t("{0} videos of a newer version", count),
  );
  item.id = "newer";
  item.iconPath = new vscode.ThemeIcon("info");
  item.tooltip = vscode.l10n.t(
    "Only a newer version of this extension can read this. Nothing of it is touched or lost. Update the extension to see it.",
  );
  return item;
}

const icons: Record<State, string> = {
  preparing: "loading~spin",
  waiting: "watch",
  submitting: "cloud-upload",
  unclear: "question",
  queued: "list-ordered",
  running: "loading~spin",
  downloading: "cloud-download",
  needsAction: "warning",
  saved: "check",
  failed: "error",
  cancelled: "circle-slash",
};

function jobItem(job: Job, all: readonly Job[], uploader: UploadKind | undefined): vscode.TreeItem {
  const { progress } = job;
  const text = jobText(job, runTimesFor(job.order, all), uploader);
  const name = progress.state === "saved" ? basename(progress.video) : job.order.name;
  // What changes stands first: a narrow side bar cuts off the end.
  const ended = isEnded(progress);
  const elapsed = needsUser(progress) ? "" : ` · ${durationText(Date.now() - (job.submittedAt ?? job.createdAt))}`;
  const item = new vscode.TreeItem(ended ? name : `${text.state}${elapsed}`);
  item.id = job.id;
  const cost = costOf(progress);
  const sum = cost === undefined ? "" : ` · ${vscode.l10n.t("{0} USD", aboutText(cost, vscode.env.language))}`;
  item.description = ended ? `${text.state}${sum}` : name;
  item.iconPath = new vscode.ThemeIcon(icons[progress.state]);
  // The menus look for the actions that are possible now.
  item.contextValue = ["job", ...text.actions.map(({ id }) => id)].join(" ");
  item.tooltip = tooltip(job, text.state, text.detail);
  item.accessibilityInformation = { label: [item.label, item.description, text.detail].filter(Boolean).join(", ") };
  if (progress.state === "saved") {
    item.command = { command: "wanFlf2v.job.open", title: vscode.l10n.t("Open"), arguments: [{ id: job.id }] };
  }
  return item;
}

/** The request's facts; plain text, because names and answers are not ours. */
function tooltip(job: Job, state: string, detail: string | undefined): string {
  const { order, progress } = job;
  const { width, height } = sizeOf(order.parameters);
  const requestId = requestIdOf(progress);
  return [
    state,
    detail,
    "",
    order.prompt,
    vscode.l10n.t(
      "{0} × {1}, {2} frames at {3} fps = {4} s",
      width,
      height,
      framesOf(order.parameters),
      fpsOf(order.parameters),
      durationOf(order.parameters).toFixed(2),
    ),
    vscode.l10n.t("Seed {0}", order.parameters.seed),
    requestId === undefined ? undefined : vscode.l10n.t("Request {0}", requestId),
    vscode.l10n.t("Folder {0}", order.folder),
    costText(job),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}
