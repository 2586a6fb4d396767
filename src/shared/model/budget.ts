import { ProblemError } from "./problem.ts";

/** What a month has cost, USD. */
export interface Spend {
  /** The costs that the service has reported. */
  readonly reported: number;
  /** The number of ended videos whose cost the service has not reported. */
  readonly unreported: number;
  /** Base prices that stand in for unreported costs and for videos in progress. */
  readonly expected: number;
}

const periods = ["day", "month"] as const;
/** A calendar day or month. */
type Period = (typeof periods)[number];
/** The most videos that may be made on a day and in a month; null for no limit. */
export type VideoCaps = Readonly<Record<Period, number | null>>;
/** How many videos this day and this month have paid for, or may yet. */
export type VideoCounts = Readonly<Record<Period, number>>;

/** How much of a cap is used. */
export interface UsedCap {
  readonly per: Period;
  readonly made: number;
  readonly cap: number;
}

/** The terms on which the user is about to pay for a video. */
export interface Payment {
  /** The cost at the base price, USD; undefined if unknown. */
  readonly estimate: number | undefined;
  /** The most that a month may cost, USD; null for no limit. */
  readonly cap: number | null;
  /** The most videos that may be made. */
  readonly videoCaps: VideoCaps;
  /** The user knows that without a price the cap may be exceeded, and continues. */
  readonly acceptsUnknown: boolean;
  /** The user knows that an earlier request for the same video may already be paid for, and continues. */
  readonly acceptsSecond?: true;
}

/** When the calendar month of `time` begins, in this machine's time zone. Both in ms since 1970. */
export function monthStart(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
}

/** When the calendar day of `time` begins, in this machine's time zone. Both in ms since 1970. */
export function dayStart(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Sums are compared in millionths of a dollar: a cap of 0.3 allows 0.1 and 0.2. */
const micro = (usd: number): number => Math.round(usd * 1e6);

/**
 * Checks a video against the monthly cap. Unreported costs and videos in progress count at the base price. A cancelled video
 * counts only once the service reports its cost.
 * @throws {ProblemError} `capReached` if the video would exceed the cap; `capUnsure` if its price is unknown and the user
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

/** The caps on the number of videos that are set, and how much of each is used. */
export function usedCaps(made: VideoCounts, caps: VideoCaps): UsedCap[] {
  return periods.flatMap((per) => {
    const cap = caps[per];
    return cap === null ? [] : [{ per, made: made[per], cap }];
  });
}

/**
 * Checks one more video against the caps on their number. They need no price.
 * @throws {ProblemError} `videosReached` if the video would exceed one of them.
 */
export function checkVideoCaps(made: VideoCounts, caps: VideoCaps): void {
  const reached = usedCaps(made, caps).find((used) => used.made >= used.cap);
  if (reached !== undefined) {
    throw new ProblemError({ code: "videosReached", ...reached });
  }
}
