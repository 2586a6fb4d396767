import type { RecentPair } from "../../shared/messages/pair.ts";
import type { PairPlans } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";

/** What the pair and its framing ask the page to do. */
export type StudioIntent =
  | { readonly kind: "plans"; readonly plans: PairPlans }
  | { readonly kind: "separate"; readonly separate: boolean }
  /** These images whole, each on the color of its own edge. */
  | { readonly kind: "edges"; readonly sides: readonly Side[] }
  /** The other side's image on this side as well. */
  | { readonly kind: "useTwice"; readonly side: Side }
  | { readonly kind: "pick"; readonly side: Side }
  /** Addresses of what was dropped. */
  | { readonly kind: "drop"; readonly side: Side; readonly uris: readonly string[] }
  /** Pictures that came without a file that the host could read: pasted, or dropped from outside the editor. */
  | { readonly kind: "keep"; readonly side: Side; readonly files: readonly File[] }
  | { readonly kind: "restorePair"; readonly pair: RecentPair };
