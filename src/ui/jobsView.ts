import * as vscode from "vscode";
import type { Settings } from "../host/settings.ts";
import { isFinished, isLeft, waitsForUser, wasNeverSent } from "../jobs/facts.ts";
import { isEnded, type Job } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { takeNumbers } from "../jobs/takes.ts";
import type { JobDescriber } from "./jobDescriber.ts";
import { jobRow } from "./jobRow.ts";
import { jobTooltip, type PictureOf } from "./jobTooltip.ts";
import { openText } from "./words/counts.ts";

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
/** How often the ages of ended jobs are updated while the view is visible, ms. */
const agesEvery = 60_000;
/** How many ended jobs are added at a time: VS Code asks for every row of a list, even for those out of sight. */
const page = 100;
const showMore = "wanFlf2v.jobs.showMore";

/** The list of all jobs in the activity bar. It has no data of its own: it reads each row from the job service. */
export class JobsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #jobs: Pick<JobService, "list" | "unreadable">;
  readonly #describer: Pick<JobDescriber, "text">;
  readonly #view: vscode.TreeView<Row>;
  readonly #pictureOf: PictureOf;
  readonly #didChange = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly #disposables: vscode.Disposable[];
  #byId = new Map<string, Job>();
  #grouped: Readonly<Record<Group, readonly Job[]>> = { standing: [], active: [], left: [], done: [] };
  /** One object per row for its whole life, so that a single row can be updated. */
  readonly #rows = new Map<string, Row>();
  /** The tree items that VS Code has received for its rows. */
  readonly #given = new Map<string, string>();
  #takes: ReadonlyMap<string, number> = new Map();
  /** The contexts that VS Code was told. */
  #contexts = "";
  #endedShown = page;
  #timer: NodeJS.Timeout | undefined;
  readonly #ages: NodeJS.Timeout;

  constructor(
    jobs: Pick<JobService, "list" | "onDidChange" | "unreadable">,
    describer: Pick<JobDescriber, "text">,
    settings: Pick<Settings, "onDidChange">,
    view: vscode.TreeView<Row>,
    pictureOf: PictureOf,
  ) {
    this.#jobs = jobs;
    this.#describer = describer;
    this.#view = view;
    this.#pictureOf = pictureOf;
    this.#ages = setInterval(() => this.#tellOutdated("left", "done"), agesEvery);
    this.#disposables = [
      this.#didChange,
      new vscode.Disposable(jobs.onDidChange(() => this.#refresh())),
      settings.onDidChange(() => this.#refresh()),
      view.onDidChangeVisibility(() => this.#refresh()),
      vscode.commands.registerCommand(showMore, () => this.#showMore()),
      {
        dispose: () => {
          clearTimeout(this.#timer);
          clearInterval(this.#ages);
        },
      },
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

  /** Gives a job's row its tooltip, which VS Code asks for when it shows it. */
  async resolveTreeItem(item: vscode.TreeItem, row: Row): Promise<vscode.TreeItem> {
    const job = "id" in row ? this.#byId.get(row.id) : undefined;
    if (job !== undefined) {
      item.tooltip = await jobTooltip(job, this.#describer.text(job), this.#pictureOf);
    }
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
    return job === undefined
      ? new vscode.TreeItem("")
      : jobRow(job, this.#describer.text(job), this.#takes.get(job.id));
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
    this.#tellContexts();
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
    const jobs = this.#jobs.list();
    for (const job of jobs) {
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
    this.#takes = takeNumbers(jobs);
    this.#grouped = grouped;
  }

  /** What the commands for many videos at once depend on. */
  #tellContexts(): void {
    const jobs = [...this.#byId.values()];
    const contexts = {
      hasWaiting: jobs.some(wasNeverSent),
      hasFinished: jobs.some(({ progress }) => isFinished(progress)),
    };
    const text = JSON.stringify(contexts);
    if (text !== this.#contexts) {
      this.#contexts = text;
      for (const [name, value] of Object.entries(contexts)) {
        void vscode.commands.executeCommand("setContext", `wanFlf2v.${name}`, value);
      }
    }
  }

  #countOpen(): void {
    const { active, standing } = this.#grouped;
    const value = active.length + standing.length;
    this.#view.badge = value === 0 ? undefined : { value, tooltip: openText(active, standing) };
  }

  /** The rows that look different now. Each is reported once, and VS Code then asks for it. */
  #outdated(rows: readonly Row[]): Row[] {
    return rows.filter((row) => {
      const given = this.#given.get(keyOf(row));
      return given !== undefined && given !== JSON.stringify(this.#item(row));
    });
  }

  /** Brings up the rows of these groups whose times have moved on, if anybody sees them. */
  #tellOutdated(...outdated: readonly Group[]): void {
    const changed = this.#view.visible ? outdated.flatMap((group) => this.#outdated(this.#rowsOf(group))) : [];
    if (changed.length > 0) {
      this.#didChange.fire(changed);
    }
  }

  /** Updates the elapsed times of the active rows while the view is visible; the rest of the list stays as it is. */
  #watch(): void {
    clearTimeout(this.#timer);
    const { length } = this.#grouped.active;
    if (this.#view.visible && length > 0) {
      this.#timer = setTimeout(
        () => {
          this.#tellOutdated("active");
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
