/** How long earlier jobs of a kind ran at the service, ms. */
export interface RunTimes {
  readonly typical: number;
  readonly shortest: number;
}

export interface SpacingFacts {
  readonly phase: "queued" | "running" | "ended";
  /** ms since the job came into this phase. */
  readonly age: number;
  /** Place in the queue where the service told it; 0 or 1 means "next". */
  readonly position?: number | undefined;
  /** What earlier jobs of this kind took, if there were any. */
  readonly runTimes?: RunTimes | undefined;
  /** Reads in a row that told nothing. */
  readonly failures: number;
  /** What the service asked for after the last read, ms. It wins over everything else. */
  readonly retryAfter?: number | undefined;
  /** Whether somebody looks at the window. */
  readonly focused: boolean;
  /** Open jobs that one scheduler looks after. */
  readonly jobs: number;
}

/** Reads per second over all jobs of a window at most, in the long run. */
export const maximumRate = 4;
/** No job is left alone for longer than this, ms, unless the service asks for it. */
export const longestSpacing = 30_000;

/**
 * How long to wait before the next read of one job, ms: rare while a run is surely not over, dense when it is due, slower
 * with age, trouble or without focus (architecture, "Polling"). `random` is from 0 to 1 and spreads the reads by a tenth.
 */
export function spacing(facts: SpacingFacts, random: number): number {
  const crowd = (facts.jobs / maximumRate) * 1000;
  const jitter = 0.9 + random * 0.2;
  if (facts.retryAfter !== undefined) {
    return Math.max(facts.retryAfter, crowd);
  }
  const calm = facts.failures > 0 ? Math.min(1000 * 2 ** facts.failures, longestSpacing) : base(facts);
  const watched = facts.focused ? calm : calm * 2;
  return Math.max(Math.min(watched, longestSpacing) * jitter, crowd);
}

function base(facts: SpacingFacts): number {
  switch (facts.phase) {
    case "ended":
      // The result trails the status by moments, or by much when something is wrong.
      return Math.min(500 + facts.age / 4, 15_000);
    case "queued":
      return Math.min(1500 + facts.age / 20 + Math.max((facts.position ?? 1) - 1, 0) * 1000, 10_000);
    case "running":
      return facts.runTimes === undefined
        ? Math.min(1500 + facts.age / 10, 10_000)
        : running(facts.age, facts.runTimes);
  }
}

/** With a history: one look at the shortest run so far, then dense until well past the typical one. */
function running(age: number, runTimes: RunTimes): number {
  const due = runTimes.shortest * 0.95;
  if (age < due) {
    return Math.min(Math.max(due - age, 1000), 20_000);
  }
  const late = age - runTimes.typical * 1.5;
  return late < 0 ? Math.max(1000, runTimes.typical / 60) : Math.min(1500 + late / 10, 10_000);
}
