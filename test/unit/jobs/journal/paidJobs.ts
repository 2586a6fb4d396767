import type { Progress } from "../../../../src/jobs/job.ts";
import type { Journal } from "../../../../src/jobs/journal/journal.ts";
import { job, order } from "../jobs.ts";

/** The progress of a job that was sent. */
export const sent = (requestId: string): Progress => ({ state: "queued", requestId });
const video = { video: "/p/v.mp4", recipe: "/p/v.flf.json" };
/** The progress of a saved job, with what it cost (USD) where that was reported. */
export const savedAs = (requestId: string, cost?: number): Progress => ({
  state: "saved",
  requestId,
  ...video,
  ...(cost !== undefined && { cost }),
});
/** Adds a job that was sent at a time (ms), with the price that was expected (USD). */
export function insert(
  journal: Journal,
  id: string,
  at: number,
  estimate?: number,
  progress: Progress = sent(`r-${id}`),
): void {
  const priced = { ...order, ...(estimate !== undefined && { estimate }) };
  journal.insert(job(id, progress, { createdAt: at, order: priced }), "me", 0);
}
/** Brings a job to another state. */
export const become = (journal: Journal, id: string, progress: Progress) => journal.change(id, () => ({ progress }));
