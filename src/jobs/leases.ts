import type { Lease } from "./journal/leaseBook.ts";
import { isGone } from "./owner.ts";

/** How long a lease lasts without a renewal, ms. */
export const leaseTime = 10_000;
/** The longest time until the answer to a POST is recorded, ms (`runcomfy/client.ts`), with a margin. */
const defaultSendingTime = 330_000;

/**
 * Gives a function that makes stamps for leases that are taken or renewed now, each later than the one before.
 * @param now time of day, ms since 1970
 */
export function leaseStamps(now: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(now() + leaseTime, last + 1);
    return last;
  };
}

/**
 * Finds free leases by watching them. A live owner gives each of its leases a new stamp every few seconds, so a stamp that
 * stays the same has no owner any more. Only this window's own clock of elapsed time counts: the time of day may jump, and
 * other machines have other clocks.
 */
export class LeaseWatch {
  readonly #monotonic: () => number;
  readonly #sendingTime: number;
  readonly #seen = new Map<string, { readonly owner: string; readonly stamp: number | null; readonly since: number }>();

  /**
   * @param monotonic elapsed time, ms: it never jumps
   * @param sendingTime how long we wait for the answer to a POST of an owner that shows no sign of life, ms
   */
  constructor(monotonic: () => number, sendingTime = defaultSendingTime) {
    this.#monotonic = monotonic;
    this.#sendingTime = sendingTime;
  }

  /** True when anybody may take the job. */
  isFree({ id, state, owner, stamp }: Lease): boolean {
    if (owner === null) {
      return true;
    }
    const now = this.#monotonic();
    const seen = this.#seen.get(id);
    if (seen === undefined || seen.owner !== owner || seen.stamp !== stamp) {
      this.#seen.set(id, { owner, stamp, since: now });
      return isGone(owner);
    }
    return now - seen.since >= (state === "submitting" ? this.#sendingTime : leaseTime) || isGone(owner);
  }

  /** Forgets all but the leases of these jobs. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#seen.keys()) {
      if (!ids.has(id)) {
        this.#seen.delete(id);
      }
    }
  }
}
