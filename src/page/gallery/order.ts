/** Which videos the gallery shows, in which order. Pure. */

import { kindOf } from "../../shared/jobs/states.ts";
import type { JobView } from "../../shared/messages/jobs.ts";

/** Videos that wait for their user come first, then those under way, then all others. */
const groupIds = ["attention", "progress", "done"] as const;
export type GroupId = (typeof groupIds)[number];

/** Jobs of one group, newest first. */
export interface Group {
  readonly id: GroupId;
  readonly jobs: readonly JobView[];
}

/** The groups that have jobs. */
export function grouped(newestFirst: readonly JobView[]): Group[] {
  return groupIds.flatMap((id) => {
    const jobs = newestFirst.filter((job) => groupOf(job) === id);
    return jobs.length === 0 ? [] : [{ id, jobs }];
  });
}

/** The jobs whose prompt or name has each word of a search, whatever the case. */
export function found(jobs: readonly JobView[], search: string): readonly JobView[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  return words.length === 0 ? jobs : jobs.filter((job) => words.every((word) => textOf(job).includes(word)));
}

/** Kept, because each key press searches all jobs. */
const texts = new WeakMap<JobView, string>();

function textOf(job: JobView): string {
  const known = texts.get(job) ?? plain(`${job.prompt}\n${job.name}\n${job.video ?? ""}`);
  texts.set(job, known);
  return known;
}

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function groupOf({ state, needsUser }: JobView): GroupId {
  return needsUser ? "attention" : kindOf(state) === "ended" ? "done" : "progress";
}
