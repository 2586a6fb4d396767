import * as vscode from "vscode";
import type { JobService } from "../jobs/service.ts";

/** Tells the id of each job that came, went, or has another state, in whichever window. */
export function followJobs(
  jobs: Pick<JobService, "list" | "onDidChange">,
  tell: (id: string) => void,
): vscode.Disposable {
  const statesOf = (list: ReturnType<typeof jobs.list>) =>
    new Map(list.map(({ id, progress }) => [id, progress.state]));
  let list = jobs.list();
  let states = statesOf(list);
  return new vscode.Disposable(
    jobs.onDidChange(() => {
      const now = jobs.list();
      if (now === list) {
        return;
      }
      const [before, after] = [states, statesOf(now)];
      [list, states] = [now, after];
      for (const id of new Set([...before.keys(), ...after.keys()])) {
        if (before.get(id) !== after.get(id)) {
          tell(id);
        }
      }
    }),
  );
}
