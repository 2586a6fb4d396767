import type { Job, Progress } from "../../../../src/jobs/job.ts";
import type { Change } from "../../../../src/jobs/journal/change.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { freshFile, job } from "../jobs.ts";

export const savedAs = (requestId: string): Progress & { state: "saved" } => ({
  state: "saved",
  requestId,
  video: "/p/v.mp4",
  recipe: "/p/v.flf.json",
});

/** A window that has the journal open, and what it tells its user. */
export function known(file = freshFile()) {
  let told = 0;
  const journal = Journal.open(file, undefined, () => {
    told += 1;
  });
  const become = (id: string, progress: Progress, changes: Change = {}) => {
    journal.change(id, () => ({ ...changes, progress }));
    // As views do after each change.
    journal.list();
  };
  return {
    file,
    journal,
    become,
    told: () => told,
    add: (id: string, progress?: Progress, changes: Partial<Job> = {}) => {
      journal.insert(job(id, progress, changes), "me", 0);
      journal.list();
    },
    jobs: () => Object.fromEntries(journal.list().map(({ id, progress }) => [id, progress])),
    [Symbol.dispose]: () => journal.close(),
  };
}

export const lost = { code: "submitUnclear", reason: "timeout" } as const;
export const older = { state: "unclear", problem: { code: "submitUnclear", reason: "older journal" } };
export const olderNamed = { state: "unclear", problem: { ...older.problem, requestId: "paid" } };
