import { removeTemporary } from "../output/save.ts";
import { messageOf } from "../shared/errors.ts";
import { committed } from "./checkpoint.ts";
import { removeCopies, removeOrphans } from "./copies.ts";
import { isFinished } from "./facts.ts";
import type { Job } from "./job.ts";
import type { Journal } from "./journal/journal.ts";
import { patiently, whenFree } from "./journal/sql.ts";
import type { Ports } from "./ports.ts";

/** Cleans up after a removed job. Its row goes last: nobody would clean up what the journal no longer knows. */
export async function clearUp(journal: Journal, ports: Ports, job: Job): Promise<void> {
  await removeTemporary(job.order.folder, [job.id]).catch(() => undefined);
  ports.checkpoint("temporaryRemoved");
  await removeCopies(ports, job.id);
  await committed(ports, "forgotten", () => patiently(() => journal.forget(job.id)));
}

/**
 * Removes those of these jobs that have, in their current state, ended with nothing at stake, and cleans up after them. A job
 * whose files can't be removed now stops no other; the next start cleans up after it.
 */
export async function removeFinished(journal: Journal, ports: Ports, ids: readonly string[]): Promise<void> {
  const removed = await committed(ports, "removed", () =>
    whenFree(() => journal.removeAll(ids, ({ progress }) => isFinished(progress))),
  );
  await sweep(removed);
  ports.checkpoint("temporaryRemoved");
  const cleared: string[] = [];
  for (const { id } of removed) {
    try {
      await removeCopies(ports, id);
      cleared.push(id);
    } catch (error) {
      ports.log(`${id} is removed from the list, but not its copies: ${messageOf(error)}`);
    }
  }
  await committed(ports, "forgotten", () => patiently(() => journal.forget(...cleared)));
}

/** Removes what interrupted saves of these jobs left: another program may have held it when they were saved. */
async function sweep(ended: readonly Job[]): Promise<void> {
  for (const [folder, jobs] of Map.groupBy(ended, ({ order }) => order.folder)) {
    // The next start looks again at a folder that is missing now.
    await removeTemporary(
      folder,
      jobs.map(({ id }) => id),
    ).catch(() => undefined);
  }
}

/** Removes jobs that ended long ago, leftovers of removed jobs, and copies whose job is gone. Never throws. */
export async function tidy(journal: Journal, ports: Ports): Promise<void> {
  try {
    for (const job of await patiently(() => journal.removed())) {
      await clearUp(journal, ports, job);
    }
    await sweep(await patiently(() => journal.lastSaved()));
    const now = ports.now();
    await patiently(() => journal.prune(now - ports.limits().keepEnded, now));
    // Jobs of a journal that was set aside may lack a row only because it could not be read.
    if (!journal.wasSetAside(Date.now())) {
      await removeOrphans(ports, (id) => patiently(() => journal.has(id)));
    }
  } catch (error) {
    ports.log(`tidying up failed: ${messageOf(error)}`);
  }
}
