/** The pair's framing as the draft holds it. Pure: no DOM, no messages, no texts. */

import type { Form, FormPatch } from "../../shared/messages/form.ts";
import type { CropPlan, PairPlans } from "../../shared/model/plan.ts";
import { centerCrop } from "../../shared/model/plan.ts";
import { type Side, sides } from "../../shared/model/side.ts";

type Framing = Pick<Form, "plans" | "separate">;

/** How an image of the draft is framed. */
export function planOf(draft: Framing, side: Side): CropPlan {
  return draft.plans?.[side] ?? centerCrop;
}

/** A draft with new framing for the images named in `plans`. */
export function withPlans(draft: Form, plans: PairPlans): Form {
  return { ...draft, plans: { ...draft.plans, ...plans } };
}

/** A draft whose images are framed separately, or from now on both like the start image. */
export function withSeparate(draft: Form, separate: boolean): Form {
  return separate
    ? { ...draft, separate }
    : { ...draft, separate, plans: { start: planOf(draft, "start"), end: planOf(draft, "start") } };
}

/** The draft with its images swapped. Each image keeps its framing. */
export function swapped(draft: Form): Form {
  const { start, end, plans } = draft;
  return { ...draft, start: end, end: start, plans: { start: plans?.end, end: plans?.start } };
}

/**
 * A draft that starts with a frame of a video. The frame has exactly the pixels to show next, so it does not take over
 * the framing of the image that it replaces, even if both images were framed alike.
 */
export function withFirstFrame(draft: Form, path: string): Form {
  const plans: PairPlans = draft.end === undefined ? {} : { end: planOf(draft, "end") };
  return { ...draft, start: path, plans, separate: draft.separate === true || !isAlike(plans) };
}

/** A draft after the picture in one of its files changed size. The framing of the old picture no longer applies. */
export function withPictureAnew(draft: Form, path: string): Form {
  const plans = Object.fromEntries(
    sides.map((side) => [side, draft[side] === path ? centerCrop : planOf(draft, side)]),
  );
  return { ...draft, plans, separate: draft.separate === true || !isAlike(plans) };
}

/**
 * The draft's framing after `patch` is applied. An image that was already in the draft keeps its framing, on whichever
 * side or sides it ends up. A new pair starts centered, and so does a new image that is framed separately. A new image
 * beside one that stays is framed like it.
 */
export function framingAfter(draft: Form, patch: FormPatch): Framing {
  if ("plans" in patch) {
    const plans = patch.plans ?? {};
    return { plans: patch.plans, separate: patch.separate ?? !isAlike(plans) };
  }
  const after = { start: "start" in patch ? patch.start : draft.start, end: "end" in patch ? patch.end : draft.end };
  if (sides.every((side) => after[side] === draft[side])) {
    return { plans: draft.plans, separate: draft.separate };
  }
  const origin = (side: Side) =>
    after[side] === undefined ? undefined : [side, ...sides].find((before) => draft[before] === after[side]);
  const first = origin("start") ?? origin("end");
  if (first === undefined) {
    return { plans: undefined, separate: undefined };
  }
  const plans: PairPlans = {};
  for (const side of sides) {
    const from = origin(side) ?? (draft.separate === true ? undefined : first);
    const plan = from && draft.plans?.[from];
    if (plan !== undefined) {
      plans[side] = plan;
    }
  }
  return { plans, separate: draft.separate };
}

function isAlike(plans: PairPlans): boolean {
  return JSON.stringify(planOf({ plans }, "start")) === JSON.stringify(planOf({ plans }, "end"));
}
