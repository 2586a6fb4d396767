import type * as vscode from "vscode";
import type { Job } from "../../../src/jobs/job.ts";
import type { Row } from "../../../src/ui/jobsView.ts";

/** The job service as views see it. */
export class PlayedJobs {
  readonly #listeners = new Set<() => void>();
  readonly claimed: string[] = [];
  #jobs: readonly Job[];
  /** How often the whole list was asked for. */
  lists = 0;

  constructor(jobs: readonly Job[]) {
    this.#jobs = jobs;
  }

  list(): Job[] {
    this.lists += 1;
    return [...this.#jobs];
  }

  get(id: string): Job | undefined {
    return this.#jobs.find((each) => each.id === id);
  }

  set(jobs: readonly Job[]): void {
    this.#jobs = jobs;
    for (const listener of this.#listeners) listener();
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Jobs that ended in a window which was closed before it told of them. */
  untoldIds: readonly string[] = [];

  untold(): readonly string[] {
    return this.untoldIds;
  }

  unreadable(): number {
    return 0;
  }

  async claimNotification(id: string): Promise<boolean> {
    const isFirst = !this.claimed.includes(id);
    this.claimed.push(id);
    return isFirst;
  }
}

/** The tree that a view of jobs is drawn in, in sight. */
export function treeView(): vscode.TreeView<Row> {
  const nothing = () => ({ dispose: () => undefined });
  return {
    visible: true,
    selection: [],
    badge: undefined,
    onDidExpandElement: nothing,
    onDidCollapseElement: nothing,
    onDidChangeSelection: nothing,
    onDidChangeVisibility: nothing,
    onDidChangeCheckboxState: nothing,
    reveal: async () => undefined,
    dispose: () => undefined,
  };
}
