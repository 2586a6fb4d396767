import { ProblemError } from "./problem.ts";

/** What a month has cost, USD. */
export interface Spend {
  /** The costs that the service has told. */
  readonly reported: number;
  /** Ended videos whose cost it has not told. */
  readonly unreported: number;
  /** Base prices that stand in for the costs not told, and for the videos under way. */
  readonly expected: number;
}

/** What a video is about to be paid with. */
export interface Payment {
  /** What it costs at the base price, USD; undefined where nobody knows. */
  readonly estimate: number | undefined;
  /** Most that a month may cost, USD; null for no limit. */
  readonly cap: number | null;
  /** The user was told that the cap cannot be kept for sure without a price, and goes on. */
  readonly acceptsUnknown: boolean;
  /** The user was told that an earlier request of the same video may be paid for already, and goes on. */
  readonly acceptsSecond?: true;
}

/** The first moment of the calendar month of a time, in the time zone of this machine. Times in ms since 1970. */
export function monthStart(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
}

/** Sums are compared in millionths of a dollar: a cap of 0.3 allows 0.1 and 0.2. */
const micro = (usd: number): number => Math.round(usd * 1e6);

/**
 * Holds a video against the monthly cap. What is not told counts with its base price, and so do the videos under way; a
 * video that was cancelled counts only once the service says what it cost.
 * @throws {ProblemError} `capReached` when it would go beyond the cap; `capUnsure` when its price is not known and the user
 * has not accepted that.
 */
export function checkCap(spend: Spend, { cap, estimate, acceptsUnknown }: Payment): void {
  if (cap === null) {
    return;
  }
  const spent = spend.reported + spend.expected;
  const reached = estimate === undefined ? micro(spent) >= micro(cap) : micro(spent) + micro(estimate) > micro(cap);
  if (reached) {
    throw new ProblemError({ code: "capReached", cap, spent, ...(estimate !== undefined && { estimate }) });
  }
  if (estimate === undefined && !acceptsUnknown) {
    throw new ProblemError({ code: "capUnsure", cap });
  }
}
