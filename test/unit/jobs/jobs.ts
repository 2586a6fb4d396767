import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { FrozenDraft, Job, Progress } from "../../../src/jobs/job.ts";
import { Journal } from "../../../src/jobs/journal/journal.ts";

/** A folder for the files of one test file, removed at its end. */
export const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-jobs-"));
after(() => rm(folder, { recursive: true, force: true }));

let journals = 0;
/** A path for a journal that no other test uses. */
export function freshFile(): string {
  journals += 1;
  return join(folder, `${journals}`, "journal.sqlite");
}

export const order: FrozenDraft = {
  start: { kind: "file", path: "/p/a.png", sourceSha256: "aa" },
  end: { kind: "url", url: "https://images.example/b.png" },
  prompt: "a door opens",
  parameters: { seed: 7 },
  service: "https://model-api.runcomfy.net",
  folder: "/p/videos",
  root: "/p",
  name: "a-b-7",
};

/** A job that only says what a test is about. */
export function job(
  id: string,
  progress: Progress = { state: "waiting", reason: "turn" },
  changes: Partial<Job> = {},
): Job {
  return { id, createdAt: 1000, order, progress, ...changes };
}

/** A saved job whose run took so long, ms. */
export function saved(id: string, runMs: number, changes: Partial<FrozenDraft> = {}): Job {
  const progress: Progress = { state: "saved", requestId: `r-${id}`, video: "/p/v.mp4", recipe: "/p/v.flf.json" };
  return job(id, progress, { runningAt: 5000, ranUntil: 5000 + runMs, order: { ...order, ...changes } });
}

/** Opens a journal that is closed at the end of the test's block. */
export function openJournal(file = freshFile(), setAside?: (path: string) => void): Journal & Disposable {
  const journal = Journal.open(file, setAside);
  return Object.assign(journal, { [Symbol.dispose]: () => journal.close() });
}

/** Makes a journal with so many jobs, or adds them to it. */
export function fill(file: string, count: number): void {
  using journal = openJournal(file);
  for (let index = 0; index < count; index += 1) {
    journal.insert(job(`job-${index}`), "somebody", 0);
  }
}
