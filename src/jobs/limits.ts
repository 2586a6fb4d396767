import type { Problem } from "../shared/model/problem.ts";

/** What the user's settings let the engine do. */
export interface Limits {
  /** Jobs at the service at once; the others wait. */
  readonly jobsAtOnce: number;
  /** Bytes of one video at most. */
  readonly videoBytes: number;
  /** Download hosts that the user always trusts, lower case. */
  readonly trustedHosts: readonly string[];
  /** Uploaded images are deleted when their job ends; else they stay. Undefined where that is not known: neither is done then. */
  readonly deleteUploads: boolean | undefined;
  /** How long ended jobs and their copies of the images are kept, ms. */
  readonly keepEnded: number;
  /**
   * What is wrong with the settings; the other fields are then as they last were, or such that nothing is deleted. Nothing is
   * sent until it is corrected.
   */
  readonly problem?: Problem | undefined;
}
