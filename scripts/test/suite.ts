import type { Writable } from "node:stream";

/** How many tests passed, and how many did not. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface Suite {
  readonly name: string;
  /** True if it needs no more than a core: then it runs beside the suite before it. */
  readonly beside?: true;
  /** True if it runs only when it is named. */
  readonly onRequest?: true;
  /** Suites that must have run before. */
  readonly after?: readonly string[];
  /** What must be set up before it runs. */
  readonly needs?: readonly Need[];
  /** True if nothing may run beside it, not even a set-up. */
  readonly alone?: true;
  /**
   * Prints to `out`.
   * @throws Error when it cannot run
   */
  readonly run: (out: Writable) => Promise<Counts>;
}

/** Starts a set-up when it is called for the first time, and ends with it at every call. */
export type Need = () => Promise<unknown>;

export const sum = (counts: readonly Counts[]): Counts => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});
