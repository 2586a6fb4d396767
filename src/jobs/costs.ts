import { addCost } from "../output/recipe.ts";
import type { Untold } from "./charges.ts";
import { requestIdOf } from "./job.ts";
import type { Journal } from "./journal.ts";
import type { Ports } from "./ports.ts";

/** The service may know a cost only after the end: pauses before it is asked again, ms. After the last it stays unknown. */
const defaultPauses = [3000, 15_000, 60_000, 300_000, 1_800_000];
/** A request that ended longer ago is not asked for any more, ms: the service may keep results for a week. */
const keptFor = 7 * 24 * 3_600_000;

/**
 * Asks for the costs that were not told when their jobs ended. How often is kept in the journal, so that all windows
 * together and over all restarts ask so many times and no more.
 */
export class CostAsker {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #changed: () => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #disposed = false;

  constructor(journal: Journal, ports: Ports, changed: () => void) {
    this.#journal = journal;
    this.#ports = ports;
    this.#changed = changed;
  }

  /** Sees to the jobs that ended without a cost since the last look. */
  look(): void {
    if (this.#disposed) {
      return;
    }
    const pauses = this.#ports.costPauses ?? defaultPauses;
    try {
      for (const untold of this.#journal.charges.untold(this.#ports.now() - keptFor, pauses.length)) {
        if (!this.#timers.has(untold.requestId)) {
          this.#timers.set(
            untold.requestId,
            setTimeout(() => void this.#ask(untold), pauses[untold.asked]),
          );
        }
      }
    } catch (error) {
      // Locked for long: the next change of any job comes back to it.
      this.#ports.log(`costs cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
  }

  async #ask(untold: Untold): Promise<void> {
    try {
      if (this.#journal.charges.claimAsking(untold)) {
        await this.#askNow(untold);
      }
    } catch (error) {
      this.#ports.log(`${untold.job} cost: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#timers.delete(untold.requestId);
    if (!this.#disposed) {
      this.#changed();
    }
  }

  async #askNow({ job: id, requestId }: Untold): Promise<void> {
    const job = this.#journal.get(id);
    if (job === undefined || requestIdOf(job.progress) !== requestId) {
      return;
    }
    const result = await this.#ports.client(job.order.service, job.sentWith).result(requestId);
    const cost = "cost" in result ? result.cost : undefined;
    if (cost === undefined || this.#disposed) {
      return;
    }
    if (job.progress.state === "saved") {
      await addCost(id, job.progress.recipe, requestId, cost).catch((error: unknown) =>
        this.#ports.log(`${id} recipe: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
    this.#journal.tellCost(id, requestId, cost);
    this.#ports.log(`${id} cost told`);
  }
}
