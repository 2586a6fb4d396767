import type { Problem } from "../shared/model/problem.ts";

/** What the user's settings let the engine do. */
export interface Limits {
  /** Jobs at the service at once; the others wait. */
  readonly jobsAtOnce: number;
  /** Bytes of one video at most. */
  readonly videoBytes: number;
  /** Download hosts that the user always trusts, lower case. */
  readonly trustedHosts: readonly string[];
  /** Whether to delete uploaded images once their job ends. Undefined if that is not known: then they wait. */
  readonly deleteUploads: boolean | undefined;
  /** Whether a recipe is written into its video, too. */
  readonly recipeInVideo: boolean;
  /** How long ended jobs and their copies of the images are kept, ms. */
  readonly keepEnded: number;
  /**
   * What is wrong with the settings. The other fields then keep their last valid values, or values that delete nothing.
   * Nothing is sent until the user corrects it.
   */
  readonly problem?: Problem | undefined;
}
