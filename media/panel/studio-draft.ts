/** The pair's framing as the draft holds it. Pure: no DOM, no messages, no texts. */
import { type CropPlan, centreCrop, type PairPlans } from "../../src/model/plan.ts";
import { type DraftPatch, type PageDraft, type Side, sides } from "../../src/ui/panel/protocol.ts";

type Framing = Pick<PageDraft, "plans" | "separate">;

/** How an image of the draft is framed. */
export function planOf(draft: Framing, side: Side): CropPlan {
  return draft.plans?.[side] ?? centreCrop;
}

/** A draft in which an image is framed anew, and with it the other one as long as both are framed alike. */
export function withPlans(draft: PageDraft, plans: PairPlans): PageDraft {
  return { ...draft, plans: { ...draft.plans, ...plans } };
}

/** A draft whose images are framed each on its own, or from now on both as the start image is. */
export function withSeparate(draft: PageDraft, separate: boolean): PageDraft {
  return separate
    ? { ...draft, separate }
    : { ...draft, separate, plans: { start: planOf(draft, "start"), end: planOf(draft, "start") } };
}

/** The draft with its images exchanged, each with its framing. */
export function swapped(draft: PageDraft): PageDraft {
  const { start, end, plans } = draft;
  return { ...draft, start: end, end: start, plans: { start: plans?.end, end: plans?.start } };
}

/**
 * The framing of a draft once `patch` is laid over it. A new pair starts from the middle, and so does a new image that
 * is framed on its own; a new image beside one that stays is framed like it.
 */
export function framingAfter(draft: PageDraft, patch: DraftPatch): Framing {
  if ("plans" in patch) {
    const { start, end } = patch.plans ?? {};
    return { plans: patch.plans, separate: patch.separate ?? JSON.stringify(start) !== JSON.stringify(end) };
  }
  const fresh = sides.filter((side) => side in patch && patch[side] !== draft[side]);
  const kept = sides.filter((side) => !fresh.includes(side) && draft[side] !== undefined);
  const { plans, separate } = draft;
  if (fresh.length === 0) {
    return { plans, separate };
  }
  if (kept.length === 0) {
    return { plans: undefined, separate: undefined };
  }
  return {
    plans: separate === true ? Object.fromEntries(kept.map((side) => [side, plans?.[side]])) : plans,
    separate,
  };
}
