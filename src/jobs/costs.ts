import { addCost } from "../output/recipe.ts";
import type { Result } from "../runcomfy/client.ts";
import type { Untold } from "./charges.ts";
import { requestIdOf } from "./job.ts";
import type { Journal } from "./journal.ts";
import type { Ports } from "./ports.ts";
import { patiently } from "./sql.ts";

/** The service may know a cost only after the end: pauses before it is asked again, ms. After the last it stays unknown. */
const defaultPauses = [3000, 15_000, 60_000, 300_000, 1_800_000];
/** A request that ended longer ago is not asked for any more, ms: the service may keep results for a week. */
const keptFor = 7 * 24 * 3_600_000;
/** Pause after a try that got no answer, ms: doubled for each in a row, up to the last one. */
const [silentPause, longestSilence] = [30_000, 1_800_000];

/**
 * Asks for the costs that were not told when their jobs ended. How often is kept in the journal, so that all windows
 * together and over all restarts get so many answers and no more. A try that got none does not count.
 */
export class CostAsker {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #changed: () => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Tries in a row that got no answer, by request. */
  readonly #silent = new Map<string, number>();
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
          const silent = this.#silent.get(untold.requestId) ?? 0;
          const wait = silent === 0 ? 0 : Math.min(silentPause * 2 ** (silent - 1), longestSilence);
          this.#timers.set(
            untold.requestId,
            setTimeout(() => void this.#ask(untold), Math.max(pauses[untold.asked] ?? 0, wait)),
          );
        }
      }
    } catch (error) {
      // Locked for long: the next change of any job comes back to it.
      this.#ports.log(`costs cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Asks soon where nobody answered: the network or the token may be another one now. */
  wake(): void {
    for (const id of this.#silent.keys()) {
      clearTimeout(this.#timers.get(id));
      this.#timers.delete(id);
    }
    this.#silent.clear();
    this.look();
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
  }

  async #ask(untold: Untold): Promise<void> {
    const { requestId } = untold;
    const tell = (error: unknown) =>
      this.#ports.log(`${untold.job} cost: ${error instanceof Error ? error.message : String(error)}`);
    try {
      if (await patiently(() => this.#journal.charges.claimAsking(untold))) {
        const isAnswered = await this.#askNow(untold).catch(tell);
        if (isAnswered === true) {
          this.#silent.delete(requestId);
        } else {
          this.#silent.set(requestId, (this.#silent.get(requestId) ?? 0) + 1);
          await patiently(() => this.#journal.charges.unanswered(untold));
        }
      }
    } catch (error) {
      tell(error);
    }
    this.#timers.delete(requestId);
    if (!this.#disposed) {
      this.#changed();
    }
  }

  /** Gives whether the service has said anything of this request. */
  async #askNow(untold: Untold): Promise<boolean> {
    const { job: id, requestId } = untold;
    const job = await patiently(() => this.#journal.get(id));
    const mine = job !== undefined && requestIdOf(job.progress) === requestId ? job : undefined;
    const service = mine?.order.service ?? untold.service;
    if (service === null) {
      return true;
    }
    const sentWith = mine?.sentWith ?? untold.sent_with ?? undefined;
    const result = await this.#ports.client(service, sentWith).result(requestId);
    if (this.#disposed || !isAnswer(result)) {
      return false;
    }
    const cost = "cost" in result ? result.cost : undefined;
    if (cost === undefined) {
      return true;
    }
    const recipe = mine?.progress.state === "saved" ? mine.progress.recipe : untold.recipe;
    if (recipe !== null) {
      await addCost(id, recipe, requestId, cost).catch((error: unknown) =>
        this.#ports.log(`${id} recipe: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
    await patiently(() => this.#journal.tellCost(id, requestId, cost));
    this.#ports.log(`${id} cost told`);
    return true;
  }
}

/** True when the service spoke about the request itself. */
function isAnswer(result: Result): boolean {
  return result.phase !== "unread" || result.problem.code === "requestUnknown" || result.problem.code === "notOurs";
}
