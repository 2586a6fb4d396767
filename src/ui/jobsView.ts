import { basename } from "node:path";
import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import { elapsedSince, isLeft, requestOf, waitsForUser } from "../jobs/facts.ts";
import { costOf, isEnded, type Job, needsUser } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { State } from "../shared/jobs/states.ts";
import { aboutText } from "../shared/model/money.ts";
import { durationText, pluralText, videoSummary } from "../shared/texts.ts";
import type { JobDescriber } from "./jobDescriber.ts";
import { costText, type JobText } from "./words/job.ts";
import { plain } from "./words/plain.ts";

type Group = "active" | "standing" | "left" | "done";
/**
 * A row of the view: a group, a job by its id, the row that shows more ended jobs, or the row for jobs that only a later
 * version can read.
 */
export type Row =
  | { readonly group: Group }
  | { readonly id: string }
  | { readonly more: true }
  | { readonly newer: true };

const groups: readonly Group[] = ["standing", "active", "left", "done"];
/** How often elapsed times are updated while the view is visible, ms; less often with more than `rowsAtEase` rows. */
const refreshEvery = 1000;
const rowsAtEase = 100;
/** How many ended jobs are added at a time: VS Code asks for every row of a list, even for those out of sight. */
const page = 100;
const showMore = "wanFlf2v.jobs.showMore";

/** The list of all jobs in the activity bar. It has no data of its own: it reads each row from the job service. */
export class JobsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #jobs: Pick<JobService, "list" | "unreadable">;
  readonly #describer: Pick<JobDescriber, "text">;
  readonly #view: vscode.TreeView<Row>;
  readonly #didChange = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly #disposables: vscode.Disposable[];
  #byId = new Map<string, Job>();
  #grouped: Readonly<Record<Group, readonly Job[]>> = { standing: [], active: [], left: [], done: [] };
  /** One object per row for its whole life, so that a single row can be updated. */
  readonly #rows = new Map<string, Row>();
  /** The tree items that VS Code has received for its rows. */
  readonly #given = new Map<string, string>();
  #endedShown = page;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    jobs: Pick<JobService, "list" | "onDidChange" | "unreadable">,
    describer: Pick<JobDescriber, "text">,
    settings: Pick<Settings, "onDidChange">,
    view: vscode.TreeView<Row>,
  ) {
    this.#jobs = jobs;
    this.#describer = describer;
    this.#view = view;
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(jobs.onDidChange(() => this.#refresh())),
      settings.onDidChange(() => this.#refresh()),
      view.onDidChangeVisibility(() => this.#refresh()),
      vscode.commands.registerCommand(showMore, () => this.#showMore()),
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

  /** Shows the list and moves the focus into it: to its first row if it was hidden. */
  async show(): Promise<void> {
    const wasVisible = this.#view.visible;
    await vscode.commands.executeCommand("wanFlf2v.jobs.focus");
    if (!wasVisible) {
      // A list that VS Code has only just created takes the focus only through a row, once it has asked for its rows.
      this.#didChange.fire(undefined);
      const [first] = this.getChildren();
      // A row that has just disappeared can't be revealed, but the list is open anyway.
      await (first && this.#view.reveal(first, { focus: true, select: false }).then(undefined, () => undefined));
    }
  }

  /** True for a row of this list, false for another extension's object. */
  has(row: unknown): boolean {
    return [...this.#rows.values()].some((known) => known === row);
  }

  getParent(row: Row): Row | undefined {
    if ("more" in row) {
      return this.#row({ group: "done" });
    }
    const job = "id" in row ? this.#byId.get(row.id) : undefined;
    return job && this.#row({ group: groupOf(job) });
  }

  getChildren(row?: Row): Row[] {
    if (row === undefined) {
      const rows = groups.filter((group) => this.#grouped[group].length > 0).map((group) => this.#row({ group }));
      return this.#jobs.unreadable() === 0 ? rows : [...rows, this.#row({ newer: true })];
    }
    return "group" in row ? this.#rowsOf(row.group) : [];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = this.#item(row);
    this.#given.set(keyOf(row), JSON.stringify(item));
    return item;
  }

  #item(row: Row): vscode.TreeItem {
    if ("group" in row) {
      const item = new vscode.TreeItem(groupLabel(row.group), vscode.TreeItemCollapsibleState.Expanded);
      item.id = row.group;
      return item;
    }
    if ("newer" in row) {
      return newerItem(this.#jobs.unreadable());
    }
    if ("more" in row) {
      return moreItem(this.#grouped.done.length - this.#endedShown);
    }
    const job = this.#byId.get(row.id);
    return job === undefined ? new vscode.TreeItem("") : jobItem(job, this.#describer.text(job));
  }

  #rowsOf(group: Group): Row[] {
    const jobs = this.#grouped[group];
    const shown = group === "done" ? jobs.slice(0, this.#endedShown) : jobs;
    const rows = shown.map(({ id }) => this.#row({ id }));
    return shown.length < jobs.length ? [...rows, this.#row({ more: true })] : rows;
  }

  #row(row: Row): Row {
    const key = keyOf(row);
    const known = this.#rows.get(key) ?? row;
    this.#rows.set(key, known);
    return known;
  }

  #showMore(): void {
    this.#endedShown += page;
    this.#didChange.fire(this.#row({ group: "done" }));
  }

  #refresh(): void {
    const before = { rows: groups.map((group) => this.#rowsOf(group)), roots: this.getChildren() };
    this.#read();
    this.#countOpen();
    const after = groups.map((group) => this.#rowsOf(group));
    if (!isSame(before.roots, this.getChildren())) {
      this.#didChange.fire(undefined);
    } else {
      const changed = groups.flatMap((group, index) =>
        isSame(before.rows[index] ?? [], after[index] ?? [])
          ? this.#outdated(after[index] ?? [])
          : [this.#row({ group })],
      );
      if (changed.length > 0) {
        this.#didChange.fire(changed);
      }
    }
    this.#watch();
  }

  /** Reads the list, and forgets jobs that are gone. */
  #read(): void {
    const grouped: Record<Group, Job[]> = { standing: [], active: [], left: [], done: [] };
    const byId = new Map<string, Job>();
    for (const job of this.#jobs.list()) {
      byId.set(job.id, job);
      grouped[groupOf(job)].push(job);
    }
    for (const id of this.#byId.keys()) {
      if (!byId.has(id)) {
        this.#rows.delete(id);
        this.#given.delete(id);
      }
    }
    this.#byId = byId;
    this.#grouped = grouped;
  }

  #countOpen(): void {
    const open = this.#grouped.standing.length + this.#grouped.active.length;
    this.#view.badge =
      open === 0
        ? undefined
        : {
            value: open,
            tooltip: pluralText(
              open,
              vscode.l10n.t("{0} video in progress", open),
              vscode.l10n.t("{0} videos in progress", open),
            ),
          };
  }

  /** The rows that look different now. Each is reported once, and VS Code then asks for it. */
  #outdated(rows: readonly Row[]): Row[] {
    return rows.filter((row) => {
      const given = this.#given.get(keyOf(row));
      return given !== undefined && given !== JSON.stringify(this.#item(row));
    });
  }

  /** Updates the elapsed times of the active rows while the view is visible; the rest of the list stays as it is. */
  #watch(): void {
    clearTimeout(this.#timer);
    const { length } = this.#grouped.active;
    if (this.#view.visible && length > 0) {
      this.#timer = setTimeout(
        () => {
          const changed = this.#outdated(this.#rowsOf("active"));
          if (changed.length > 0) {
            this.#didChange.fire(changed);
          }
          this.#watch();
        },
        refreshEvery * Math.ceil(length / rowsAtEase),
      );
    }
  }
}

function keyOf(row: Row): string {
  return "id" in row ? row.id : "group" in row ? row.group : "more" in row ? "more" : "newer";
}

function isSame(some: readonly Row[], others: readonly Row[]): boolean {
  return some.length === others.length && some.every((row, index) => row === others[index]);
}

function moreItem(left: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Show More ({0})", left));
  item.id = "more";
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = { command: showMore, title: vscode.l10n.t("Show More ({0})", left) };
  return item;
}

function groupOf({ progress }: Job): Group {
  if (isLeft(progress)) {
    return "left";
  }
  return isEnded(progress) ? "done" : waitsForUser(progress) ? "standing" : "active";
}

function groupLabel(group: Group): string {
  switch (group) {
    case "active":
      return vscode.l10n.t("In Progress");
    case "standing":
      return vscode.l10n.t("Needs Attention");
    case "left":
      return vscode.l10n.t("No Longer Watched");
    case "done":
      return vscode.l10n.t("Done");
  }
}

function newerItem(count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    count === 1
      ? vscode.l10n.t("1 video from a newer version")
      : vscode.l10n.t("{0} videos from a newer version", count),
  );
  item.id = "newer";
  item.iconPath = new vscode.ThemeIcon("info");
  item.tooltip = vscode.l10n.t(
    "Only a newer version of this extension can read this. Nothing was changed or lost. Update the extension to see it.",
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

function iconOf({ progress }: Job, { trouble }: JobText): string {
  return isLeft(progress) ? "eye-closed" : trouble === undefined ? icons[progress.state] : "warning";
}

/** A color, because the names of several rows may begin alike. */
function colorOf({ progress }: Job, { trouble }: JobText): string | undefined {
  if (progress.state === "saved") {
    return "testing.iconPassed";
  }
  if (progress.state === "failed") {
    return isLeft(progress) ? undefined : "list.errorForeground";
  }
  return trouble !== undefined || needsUser(progress) ? "list.warningForeground" : undefined;
}

function jobItem(job: Job, text: JobText): vscode.TreeItem {
  const { progress } = job;
  const name = plain(progress.state === "saved" ? basename(progress.video) : job.order.name);
  // What changes comes first: a narrow side bar cuts off the end.
  const ended = isEnded(progress);
  const since = elapsedSince(job);
  // Jobs that are waiting for their user aren't redrawn every second.
  const elapsed = since === undefined || waitsForUser(progress) ? "" : ` · ${durationText(Date.now() - since)}`;
  const item = new vscode.TreeItem(ended ? name : `${text.trouble ?? text.state}${elapsed}`);
  item.id = job.id;
  const cost = costOf(progress);
  const sum = cost === undefined ? "" : ` · ${vscode.l10n.t("{0} USD", aboutText(cost, vscode.env.language))}`;
  item.description = ended ? `${text.state}${sum}` : name;
  const color = colorOf(job, text);
  item.iconPath = new vscode.ThemeIcon(
    iconOf(job, text),
    color === undefined ? undefined : new vscode.ThemeColor(color),
  );
  // The menus look here for the available actions.
  item.contextValue = ["job", ...text.actions.map(({ id }) => id)].join(" ");
  item.tooltip = tooltip(job, text.state, text.detail);
  item.accessibilityInformation = {
    label: [item.label, text.trouble && text.state, item.description, text.detail].filter(Boolean).join(", "),
  };
  if (progress.state === "saved") {
    item.command = { command: "wanFlf2v.job.open", title: vscode.l10n.t("Open"), arguments: [{ id: job.id }] };
  }
  return item;
}

/** The most characters of a prompt in a tooltip. */
const longestPrompt = 600;

/** The facts about the request. */
function tooltip(job: Job, state: string, detail: string | undefined): string {
  const { order, progress } = job;
  const requestId = requestOf(progress);
  return [
    state,
    detail,
    "",
    order.prompt === "" ? undefined : plain(order.prompt, longestPrompt),
    order.parameters && videoSummary(order.parameters),
    order.parameters && vscode.l10n.t("Seed {0}", order.parameters.seed),
    requestId === undefined ? undefined : vscode.l10n.t("Request {0}", plain(requestId)),
    vscode.l10n.t("Folder {0}", plain(order.folder)),
    costText(job),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}
