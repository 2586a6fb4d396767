import { bestResolution } from "./bestFit.ts";
import type { Parameters } from "./parameters.ts";
import type { Size } from "./size.ts";

/**
 * The parameters that a video is made with: what its user set, over their settings, over the size that fits the images
 * best. What is left out is the model's own. The panel shows this, and this is sent (`src/jobs/generate.ts`).
 * @param set what the user set for this video
 * @param settings what their settings put in place of the model's defaults
 * @param images oriented sizes of the images that are known; read only where {@link sizeIsFitted}
 */
export function effectiveParameters(set: Parameters, settings: Parameters, images: readonly Size[]): Parameters {
  const chosen = { ...settings, ...set };
  const resolution = chosen.resolution ?? bestResolution(images);
  return resolution === undefined ? chosen : { ...chosen, resolution };
}

/** True where neither the user nor their settings name a size, so that the images decide. */
export function sizeIsFitted(set: Parameters, settings: Parameters): boolean {
  return (set.resolution ?? settings.resolution) === undefined;
}
