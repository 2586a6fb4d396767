import assert from "node:assert/strict";
import type { Job } from "../../../src/jobs/job.ts";
import type { JobsView, Row } from "../../../src/ui/jobsView.ts";
import { PlayedJobs, treeView } from "./jobs.ts";
import { played } from "./stage.ts";

/** What there is to see of an image. */
export type Picture = (side: string) => Promise<{ bytes: Uint8Array; mime: string } | undefined>;

/** What VS Code is given for a job's row: its group, and the row itself. */
interface ShownRow {
  readonly group: string;
  readonly label: string;
  readonly why: string;
  readonly icon: string;
  readonly spoken: string;
}

/** The list of videos, as VS Code draws it. */
export class ShownList {
  readonly jobs: PlayedJobs;
  readonly tree = treeView();
  readonly view: JobsView;
  /** What VS Code was told to look at anew; undefined for all of it. */
  fired: (Row | Row[] | undefined)[] = [];
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(list: readonly Job[], picture: Picture = async () => undefined) {
    this.jobs = new PlayedJobs(list);
    const settings = new played.settings.Settings();
    const describer = new played.describer.JobDescriber(this.jobs, settings);
    const pictureOf = (_: Job, side: string) => picture(side);
    this.view = new played.jobsView.JobsView(this.jobs, describer, settings, this.tree, pictureOf);
    this.#disposables = [this.view, describer];
    this.view.onDidChangeTreeData((row) => this.fired.push(row));
    this.drawAll();
  }

  /** Asks for every row, as VS Code does. Gives the words of the jobs' rows by id. */
  drawAll(): Map<string, string> {
    const rows = new Map<string, string>();
    for (const group of this.view.getChildren()) {
      for (const row of this.view.getChildren(group)) {
        const { label, description } = this.view.getTreeItem(row);
        rows.set("id" in row ? row.id : "more", "id" in row ? String(description) : String(label));
      }
    }
    return rows;
  }

  rowOf(id: string): ShownRow {
    for (const group of this.view.getChildren()) {
      for (const row of this.view.getChildren(group)) {
        if ("id" in row && row.id === id && "group" in group) {
          const { label, description, iconPath, accessibilityInformation } = this.view.getTreeItem(row);
          const icon = typeof iconPath === "object" && "id" in iconPath ? iconPath.id : "";
          const spoken = accessibilityInformation?.label ?? "";
          return { group: group.group, label: String(label), why: String(description), icon, spoken };
        }
      }
    }
    return assert.fail(`${id} has no row`);
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }
}
