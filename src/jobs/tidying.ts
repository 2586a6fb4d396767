import { removeTemporary } from "../output/save.ts";
import { messageOf } from "../shared/errors.ts";
import { committed } from "./checkpoint.ts";
import { removeCopies, removeOrphans } from "./copies.ts";
import type { Job } from "./job.ts";
import type { Journal } from "./journal/journal.ts";
import { patiently } from "./journal/sql.ts";
import type { Ports } from "./ports.ts";

/** Clears up after a job that was removed. Its row goes last: what the journal does not know, nobody would clear up. */
export async function clearUp(journal: Journal, ports: Ports, job: Job): Promise<void> {
  await removeTemporary(job.order.folder, [job.id]).catch(() => undefined);
  ports.checkpoint("temporaryRemoved");
  await removeCopies(ports, job.id);
  await committed(ports, "forgotten", () => patiently(() => journal.forget(job.id)));
}

/** Removes the temporary files of jobs that are saved: another program may have held them when that was done. */
async function sweep(saved: readonly Job[]): Promise<void> {
  for (const [folder, jobs] of Map.groupBy(saved, ({ order }) => order.folder)) {
    // A folder that is away is looked at again at the next start.
    await removeTemporary(
      folder,
      jobs.map(({ id }) => id),
    ).catch(() => undefined);
  }
}

/** Lets go of what ended long ago, of what removed jobs have left, and of copies whose job is gone. Never throws. */
export async function tidy(journal: Journal, ports: Ports): Promise<void> {
  try {
    for (const job of await patiently(() => journal.removed())) {
      await clearUp(journal, ports, job);
    }
    await sweep(await patiently(() => journal.lastSaved()));
    const now = ports.now();
    await patiently(() => journal.prune(now - ports.limits().keepEnded, now));
    // The rows of a journal that was set aside may be missing for want of reading.
    if (!journal.wasSetAside(Date.now())) {
      await removeOrphans(ports, (id) => patiently(() => journal.has(id)));
    }
  } catch (error) {
    ports.log(`tidying up failed: ${messageOf(error)}`);
  }
}
