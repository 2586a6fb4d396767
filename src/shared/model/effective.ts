import { bestResolution } from "./bestFit.ts";
import type { Parameters } from "./parameters.ts";
import type { Size } from "./size.ts";

/**
 * The parameters that a video is made with. What the user set for it comes first, then their settings, then the size that
 * fits the images best. The model's own defaults apply to the rest. The panel shows exactly what is sent (`src/jobs/generate.ts`).
 * @param set what the user set for this video
 * @param settings the user's own values for the model's defaults
 * @param images sizes of the known images with the orientation applied; used only if {@link sizeIsFitted}
 */
export function effectiveParameters(set: Parameters, settings: Parameters, images: readonly Size[]): Parameters {
  const chosen = { ...settings, ...set };
  const resolution = chosen.resolution ?? bestResolution(images);
  return resolution === undefined ? chosen : { ...chosen, resolution };
}

/** True if neither the user nor their settings specify a size, so that the images decide. */
export function sizeIsFitted(set: Parameters, settings: Parameters): boolean {
  return (set.resolution ?? settings.resolution) === undefined;
}
