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

/** A draft in which an image is framed anew, and with it the other one as long as both are framed alike. */
export function withPlans(draft: Form, plans: PairPlans): Form {
  return { ...draft, plans: { ...draft.plans, ...plans } };
}

/** A draft whose images are framed each on its own, or from now on both as the start image is. */
export function withSeparate(draft: Form, separate: boolean): Form {
  return separate
    ? { ...draft, separate }
    : { ...draft, separate, plans: { start: planOf(draft, "start"), end: planOf(draft, "start") } };
}

/** The draft with its images exchanged, each with its framing. */
export function swapped(draft: Form): Form {
  const { start, end, plans } = draft;
  return { ...draft, start: end, end: start, plans: { start: plans?.end, end: plans?.start } };
}

/**
 * A draft that begins with a frame of a video. The frame has the very pixels that are to be shown next: it is not framed
 * like the image that it replaces, also where both images were framed alike.
 */
export function withFirstFrame(draft: Form, path: string): Form {
  const plans: PairPlans = draft.end === undefined ? {} : { end: planOf(draft, "end") };
  return { ...draft, start: path, plans, separate: draft.separate === true || !isAlike(plans) };
}

/** A draft one of whose files holds a picture of another size now: what was framed of the old one means nothing in it. */
export function withPictureAnew(draft: Form, path: string): Form {
  const plans = Object.fromEntries(
    sides.map((side) => [side, draft[side] === path ? centerCrop : planOf(draft, side)]),
  );
  return { ...draft, plans, separate: draft.separate === true || !isAlike(plans) };
}

/**
 * The framing of a draft once `patch` is laid over it. An image that was in the draft before keeps its framing on whichever
 * side, or sides, it comes to stand. A new pair starts from the middle, and so does a new image that is framed on its own;
 * a new image beside one that stays is framed like it.
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
