import { durationOf, type Parameters } from "./parameters.ts";

/**
 * The service's base price for a video. It is not binding: the actual charge can differ (`docs/service.md`, "Money and time").
 */
export type Price =
  | {
      readonly kind: "known";
      /** USD per unit. */
      readonly usd: number;
      /** The service's name for it, in lower case: `second`, `output`, `request`, `image`, or one that we do not know. */
      readonly unit: string;
    }
  /** The service states no price, or did not answer. */
  | { readonly kind: "unknown" }
  /** The service states prices only to the owner of a token. */
  | { readonly kind: "noToken" };

/**
 * The cost of one video at the base price, USD; undefined if the unit does not tell. A second means a second of video, not of
 * work: only the video's length is known in advance.
 */
export function estimatedCost(price: Price, parameters: Pick<Parameters, "length" | "fps">): number | undefined {
  if (price.kind !== "known") {
    return undefined;
  }
  switch (price.unit) {
    case "second":
    case "seconds":
      return price.usd * durationOf(parameters);
    case "output":
    case "request":
    case "video":
    case "generation":
      return price.usd;
    default:
      return undefined;
  }
}

/**
 * True if the user must confirm a video before it is made: it costs more than their limit, or its cost is unknown while they
 * have a limit.
 * @param limit USD; null if the user never wants to be asked.
 * @param cost USD; undefined if unknown.
 */
export function needsConfirmation(limit: number | null, cost: number | undefined): boolean {
  return limit !== null && (cost === undefined || cost > limit);
}
