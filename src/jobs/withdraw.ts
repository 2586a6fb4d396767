import { messageOf } from "../shared/errors.ts";
import type { Job } from "./job.ts";
import { patiently } from "./journal/sql.ts";
import { LeaseLost, type StepContext } from "./steps/context.ts";
import { storageProblem } from "./storage.ts";
import { clearUp } from "./tidying.ts";

/**
 * Takes a job back that could not be prepared. Where that is not possible either, the job stays in the list and goes
 * on: whoever sees it there must not have been told that there is none.
 * @throws what the preparation failed with, once there is no job any more.
 */
export async function withdraw(context: StepContext, job: Job, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) {
    // The user cancelled it meanwhile, or another window prepares it.
    return;
  }
  const { journal, ports, owner } = context;
  const now = ports.now();
  try {
    const withdrawn = await patiently(() =>
      journal.change(
        job.id,
        ({ progress }) =>
          progress.state === "preparing" ? { progress: { state: "cancelled" }, endedAt: now } : undefined,
        owner,
      ),
    );
    if (withdrawn === undefined) {
      return;
    }
    const removed = await patiently(() => journal.remove(job.id));
    if (removed !== undefined) {
      await clearUp(journal, ports, removed);
    }
  } catch (failure) {
    ports.log(`${job.id} cannot be taken back: ${messageOf(failure)}`);
    return;
  }
  context.changed();
  throw storageProblem(error, ports.storage);
}
