import type { Result } from "../../runcomfy/client.ts";
import { committed } from "../checkpoint.ts";
import { type Job, type Progress, requestIdOf } from "../job.ts";
import type { Change } from "../journal/change.ts";
import type { Journal } from "../journal/journal.ts";
import { patiently } from "../journal/sql.ts";
import type { Ports } from "../ports.ts";
import type { Uploads } from "../uploads/uploads.ts";

/** What a window remembers about a job between two steps. A restart needs none of it. */
export interface Memory {
  /** Reads or downloads in a row that failed. */
  failures: number;
  /** Reads of the status so far. */
  reads: number;
  cancelTold: boolean;
  /** Cancels in a row without a clear answer. */
  cancelFailures: number;
  /** What /result has just said, for the step that saves it. */
  found?: Extract<Result, { phase: "succeeded" }>;
}

export const freshMemory = (): Memory => ({ failures: 0, reads: 0, cancelTold: false, cancelFailures: 0 });

/** When the next step of a job is due: ms from now, or `rest` if the program has nothing more to do. */
export type Next = number | "rest";

/** Thrown when another window acts on the job now: this one must stop at once. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** What everything that acts on jobs works with. */
export interface StepContext {
  readonly journal: Journal;
  readonly ports: Ports;
  readonly uploads: Uploads;
  /** The name of this window in leases. */
  readonly owner: string;
  /** A stamp for leases that are taken or renewed now. */
  readonly stamp: () => number;
  /** Tells the views that something changed. */
  readonly changed: () => void;
}

/**
 * Changes a job under the lease, if it is still in the state in which the step began. Waits while the journal is locked.
 * @throws {LeaseLost} if another window has the job now, or its state has changed
 */
export async function move(context: StepContext, job: Job, change: Change): Promise<Job> {
  const { journal, ports, owner } = context;
  const state = change.progress?.state ?? job.progress.state;
  const after = await committed(ports, state, async () => {
    const changed = await patiently(() =>
      journal.change(job.id, (current) => (current.progress.state === job.progress.state ? change : undefined), owner),
    );
    if (changed === undefined) {
      throw new LeaseLost();
    }
    if (changed.progress.state !== job.progress.state) {
      ports.log(`${job.id} ${job.progress.state} -> ${state}${describeEnd(changed.progress)}`);
    }
    return changed;
  });
  context.changed();
  return after;
}

function describeEnd(progress: Progress): string {
  const id = requestIdOf(progress);
  const problem = "problem" in progress ? progress.problem : undefined;
  return `${id === undefined ? "" : ` request ${id}`}${problem === undefined ? "" : ` (${problem.code})`}`;
}

/** What a request cost, as a field of the states that keep it. */
export function costField(cost: number | undefined): { cost?: number } {
  return cost === undefined ? {} : { cost };
}
