import { type Alone, addCost } from "../output/recipe.ts";
import type { Result } from "../runcomfy/client.ts";
import { messageOf } from "../shared/errors.ts";
import { requestIdOf } from "./job.ts";
import { askingGap, type UnreportedCost } from "./journal/charges.ts";
import type { Journal } from "./journal/journal.ts";
import { patiently } from "./journal/sql.ts";
import type { Ports } from "./ports.ts";

/** The service may report a cost only after the end. Pauses between our questions, ms; after the last it stays unknown. */
const defaultPauses = [3000, 15_000, 60_000, 300_000, 1_800_000];
/** We stop asking about a request that ended longer ago than this, ms: the service may keep results for a week. */
const keptFor = 7 * 24 * 3_600_000;
/** Pause after a question that got no answer, ms. It doubles with each in a row, up to the longest one. */
const [silentPause, longestSilence] = [30_000, 1_800_000];

/** The longest pause between two looks for a free slot, ms. */
const longestGap = 10_000;

/** What became of a question: whether the service said anything about the request, and how long it wants a pause, ms. */
interface Asked {
  readonly isAnswered: boolean;
  readonly retryAfter?: number | undefined;
}

/**
 * Asks for the costs that the service had not reported when their jobs ended. The journal counts the answers, so all windows
 * together, across restarts, ask a limited number of times and for a few requests at once. A question without an answer does
 * not count.
 */
export class CostAsker {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #changed: () => void;
  /** What to ask, and when: ms of the monotonic clock. */
  readonly #due = new Map<string, { readonly unreported: UnreportedCost; readonly at: number }>();
  /** Questions in a row without an answer, by request. */
  readonly #silent = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** The request that this window is asking about: one at a time. The journal limits how many all windows ask about. */
  #asking: string | undefined;
  /** This window asks nothing before then, ms of the monotonic clock. */
  #restsUntil = Number.NEGATIVE_INFINITY;
  /** Looks in a row that found no free slot. */
  #refusals = 0;
  #disposed = false;

  constructor(journal: Journal, ports: Ports, changed: () => void) {
    this.#journal = journal;
    this.#ports = ports;
    this.#changed = changed;
  }

  /** Schedules questions for the jobs that ended without a cost since the last look. */
  look(): void {
    if (this.#disposed) {
      return;
    }
    const pauses = this.#ports.costPauses ?? defaultPauses;
    const now = this.#ports.monotonic();
    try {
      for (const unreported of this.#journal.charges.unreportedCosts(this.#ports.now() - keptFor, pauses.length)) {
        if (!this.#due.has(unreported.requestId)) {
          const silent = this.#silent.get(unreported.requestId) ?? 0;
          const wait = silent === 0 ? 0 : Math.min(silentPause * 2 ** (silent - 1), longestSilence);
          this.#due.set(unreported.requestId, { unreported, at: now + Math.max(pauses[unreported.asked] ?? 0, wait) });
        }
      }
    } catch (error) {
      // Still locked: the next change of any job looks again.
      this.#ports.log(`costs cannot be read: ${messageOf(error)}`);
    }
    this.#schedule();
  }

  /** Asks again soon where nobody answered: network or token may have changed. A pause the service wants still holds. */
  wake(): void {
    for (const id of this.#silent.keys()) {
      if (id !== this.#asking) {
        this.#due.delete(id);
      }
    }
    this.#silent.clear();
    this.look();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#disposed || this.#asking !== undefined) {
      return;
    }
    const [next] = [...this.#due.values()].sort((a, b) => a.at - b.at);
    if (next !== undefined) {
      const wait = Math.max(Math.max(next.at, this.#restsUntil) - this.#ports.monotonic(), 0);
      this.#timer = setTimeout(() => void this.#ask(next.unreported), wait);
    }
  }

  async #ask(unreported: UnreportedCost): Promise<void> {
    const { requestId } = unreported;
    const { charges } = this.#journal;
    const tell = (error: unknown) => this.#ports.log(`${unreported.job} cost: ${messageOf(error)}`);
    let rest = askingGap;
    this.#asking = requestId;
    try {
      const claim = await patiently(() => charges.claimAsking(unreported, this.#ports.now()));
      if (typeof claim === "number") {
        this.#due.set(requestId, { unreported, at: this.#ports.monotonic() + claim });
        if (claim === askingGap) {
          // No slot is free for any request. Those of windows that have ended stay taken for a while.
          rest = Math.min(askingGap * 2 ** this.#refusals, longestGap);
          this.#refusals += 1;
        }
      } else {
        this.#refusals = 0;
        if (claim === "mine") {
          const { isAnswered, retryAfter } = await this.#askNow(unreported).catch((error: unknown): Asked => {
            tell(error);
            return { isAnswered: false };
          });
          if (isAnswered) {
            this.#silent.delete(requestId);
          } else {
            this.#silent.set(requestId, (this.#silent.get(requestId) ?? 0) + 1);
          }
          await patiently(() => charges.asked(unreported, this.#ports.now(), isAnswered, retryAfter));
        }
        this.#due.delete(requestId);
      }
    } catch (error) {
      tell(error);
      this.#due.delete(requestId);
    }
    this.#asking = undefined;
    // Windows that wait for a slot must not all try at the same moment.
    this.#restsUntil = this.#ports.monotonic() + rest * (0.5 + this.#ports.random());
    this.#schedule();
    if (!this.#disposed && !this.#due.has(requestId)) {
      this.#changed();
    }
  }

  async #askNow(unreported: UnreportedCost): Promise<Asked> {
    const { job: id, requestId } = unreported;
    const job = await patiently(() => this.#journal.get(id));
    const mine = job !== undefined && requestIdOf(job.progress) === requestId ? job : undefined;
    const service = mine?.order.service ?? unreported.service;
    if (service === null) {
      return { isAnswered: true };
    }
    const sentWith = mine?.sentWith ?? unreported.sent_with ?? undefined;
    const result = await this.#ports.client(service, sentWith).result(requestId);
    if (this.#disposed || !isAnswer(result)) {
      return { isAnswered: false, ...(result.phase === "unread" && { retryAfter: result.retryAfter }) };
    }
    const cost = "cost" in result ? result.cost : undefined;
    if (cost === undefined) {
      return { isAnswered: true };
    }
    const recipe = mine?.progress.state === "saved" ? mine.progress.recipe : unreported.recipe;
    if (recipe !== null) {
      const alone: Alone = (work) => patiently(() => this.#journal.alone(work));
      await addCost(id, recipe, requestId, cost, alone).catch((error: unknown) =>
        this.#ports.log(`${id} recipe: ${messageOf(error)}`),
      );
    }
    await patiently(() => this.#journal.tellCost(id, requestId, cost));
    this.#ports.log(`${id} cost told`);
    return { isAnswered: true };
  }
}

/** True when the service spoke about the request itself. */
function isAnswer(result: Result): boolean {
  return result.phase !== "unread" || result.problem.code === "requestUnknown" || result.problem.code === "notOurs";
}
