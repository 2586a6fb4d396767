import { durationOf, type Parameters } from "./parameters.ts";

/**
 * What the service says a video costs at its base price. It is no promise: the sum that is charged can differ
 * (`docs/service.md`, "Money and time").
 */
export type Price =
  | {
      readonly kind: "known";
      /** USD for one unit. */
      readonly usd: number;
      /** The service's word, in small letters: `second`, `output`, `request`, `image`, or one we do not know. */
      readonly unit: string;
    }
  /** The service says none, or could not be asked. */
  | { readonly kind: "unknown" }
  /** Only the owner of a token is told. */
  | { readonly kind: "noToken" };

/**
 * What one video would cost at the base price, USD; undefined where the unit is none that says so. A unit of seconds means
 * seconds of video, not of work: only those are known before.
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
 * True when a video is to be confirmed before it is made: it costs more than the user's limit, or nobody knows what it
 * costs while there is a limit.
 * @param limit USD; null where the user never wants to be asked.
 * @param cost USD; undefined where it is not known.
 */
export function needsConfirmation(limit: number | null, cost: number | undefined): boolean {
  return limit !== null && (cost === undefined || cost > limit);
}
