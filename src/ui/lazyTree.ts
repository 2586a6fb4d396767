import * as vscode from "vscode";
import type { JobsView, Row } from "./jobsView.ts";

/** Stands in for the list of jobs: it loads the application when the list is first shown. */
export class LazyTree implements vscode.TreeDataProvider<Row> {
  readonly #load: () => Promise<JobsView>;
  readonly #didChange = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(load: () => Promise<JobsView>) {
    this.#load = load;
  }

  follow(view: JobsView): void {
    view.onDidChangeTreeData((row) => this.#didChange.fire(row));
    this.#didChange.fire(undefined);
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return (await this.#load()).getChildren(row);
  }

  async getParent(row: Row): Promise<Row | undefined> {
    return (await this.#load()).getParent(row);
  }

  async resolveTreeItem(item: vscode.TreeItem, row: Row): Promise<vscode.TreeItem> {
    return (await this.#load()).resolveTreeItem(item, row);
  }

  async getTreeItem(row: Row): Promise<vscode.TreeItem> {
    return (await this.#load()).getTreeItem(row);
  }
}
