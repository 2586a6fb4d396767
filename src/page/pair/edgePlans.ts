/** Images shown whole, each on the color of its own edge. Pure: no DOM, no messages. */

import { sizeOf } from "../../shared/model/parameters.ts";
import { type CropPlan, centerCrop } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";
import { edgeColor } from "../state/likeness.ts";
import { imageOf, parametersOf, type State } from "../state/state.ts";

/**
 * Frames each of these images whole, on the mean color of the edges that border the empty part of the frame. An image
 * that is still loading is framed like the other one until it arrives.
 */
export function edgePlans(state: State, framed: readonly Side[]): Partial<Record<Side, CropPlan>> {
  const own = new Map(framed.map((side) => [side, edgePlan(state, side)]));
  const known = [...own.values()].find((plan) => plan !== undefined);
  return Object.fromEntries([...own].map(([side, plan]) => [side, plan ?? known ?? centerCrop]));
}

function edgePlan(state: State, side: Side): CropPlan | undefined {
  const image = imageOf(state, side);
  if (image?.state !== "shown") {
    return undefined;
  }
  const target = sizeOf(parametersOf(state));
  const tall = image.width * target.height < target.width * image.height;
  const color = image.sample && edgeColor(image.sample, tall ? "left and right" : "top and bottom");
  return color === undefined ? centerCrop : { mode: "fit", fill: { kind: "color", color } };
}
