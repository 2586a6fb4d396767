import { messageOf } from "../shared/errors.ts";
import type { Job } from "./job.ts";
import { patiently } from "./journal/sql.ts";
import { LeaseLost, type StepContext } from "./steps/context.ts";
import { storageProblem } from "./storage.ts";
import { clearUp } from "./tidying.ts";

/**
 * Takes back a job that could not be prepared. If that fails, too, the job stays in the list and continues: its user must
 * not see a job there after being told that there is none.
 * @throws what the preparation failed with, once the job is gone.
 */
export async function withdraw(context: StepContext, job: Job, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) {
    // Meanwhile the user cancelled it, or another window prepares it.
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
