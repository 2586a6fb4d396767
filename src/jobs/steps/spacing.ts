/** How long earlier jobs of a kind ran at the service, ms. */
export interface RunTimes {
  readonly typical: number;
  readonly shortest: number;
}

export interface SpacingFacts {
  readonly phase: "queued" | "running" | "ended";
  /** ms since this phase of the job began. */
  readonly age: number;
  /** Place in the queue, if the service reported it; 0 or 1 means "next". */
  readonly position?: number | undefined;
  /** How long earlier jobs of this kind took, if there were any. */
  readonly runTimes?: RunTimes | undefined;
  /** Failed reads in a row. */
  readonly failures: number;
  /** What the service asked for after the last read, ms. It wins over everything else. */
  readonly retryAfter?: number | undefined;
  /** Whether the window has the focus. */
  readonly focused: boolean;
  /** Jobs at the service, over which the reads are spread. */
  readonly jobs: number;
}

/** The most reads per second over all jobs of a window, in the long run. */
export const maximumRate = 4;
/** The longest pause between two reads of a job, ms, unless the service asks for a longer one. */
export const longestSpacing = 30_000;
/** The longest pause that a service can ask for, ms (`retryAfterOf`). */
const longestWish = 3_600_000;

/** The pause after so many failures in a row, from 1 on, ms: two seconds, and twice as long after each further one. */
export function backoff(failures: number): number {
  return Math.min(1000 * 2 ** failures, longestSpacing);
}

/**
 * What is left of a pause that the service asked for until `notBefore` (time of day), ms; 0 for none. A pause longer than
 * `longestWish` comes from a clock that was set back, and does not count. Never gives more than the longest spacing, so that
 * a clock that is set forward takes effect.
 */
export function pauseLeft(notBefore: number | undefined, now: number): number {
  const left = notBefore === undefined ? 0 : notBefore - now;
  return left > 0 && left <= longestWish ? Math.min(left, longestSpacing) : 0;
}

/**
 * How long to wait before the next read of one job, ms: rare while a run is surely not over, dense when it is due, slower
 * with age, trouble or without focus (`docs/jobs.md`, "Polling"). `random` is from 0 to 1 and spreads the reads by a tenth.
 */
export function spacing(facts: SpacingFacts, random: number): number {
  const crowd = (facts.jobs / maximumRate) * 1000;
  const jitter = 0.9 + random * 0.2;
  if (facts.retryAfter !== undefined) {
    return Math.max(facts.retryAfter, crowd);
  }
  const calm = facts.failures > 0 ? backoff(facts.failures) : base(facts);
  const watched = facts.focused ? calm : calm * 2;
  return Math.max(Math.min(watched * jitter, longestSpacing), crowd);
}

function base(facts: SpacingFacts): number {
  switch (facts.phase) {
    case "ended":
      // The result follows the status within moments, or much later if something is wrong.
      return Math.min(500 + facts.age / 4, 15_000);
    case "queued":
      return Math.min(1500 + facts.age / 20 + Math.max((facts.position ?? 1) - 1, 0) * 1000, 10_000);
    case "running":
      return facts.runTimes === undefined ? unfamiliar(facts.age) : familiar(facts.age, facts.runTimes);
  }
}

/** A run of unknown length. The model takes one to ten minutes (`docs/service.md`, "Money and time"). */
function unfamiliar(age: number): number {
  if (age < 6000) {
    return 1500;
  }
  // Fewer reads in the first minute pay for a closer watch later.
  return age < 45_000 ? 5000 : watching(age);
}

/** With a history: few reads until the shortest run so far is over, then many until well past the typical one. */
function familiar(age: number, runTimes: RunTimes): number {
  const due = runTimes.shortest * 0.95;
  if (age < due) {
    return Math.min(Math.max(due - age, 1000), 20_000);
  }
  const dense = Math.min(Math.max(runTimes.typical / 60, 1000), 1800);
  return age < runTimes.typical * 1.5 ? dense : watching(age);
}

/** A run that can end at any moment. After ten minutes it counts as dragging on. */
function watching(age: number): number {
  return Math.min(1880 + age / 6000 + Math.max(age - 600_000, 0) / 60, 10_000);
}
