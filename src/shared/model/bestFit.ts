import { bestFitSize } from "./crop.ts";
import { type Resolution, resolutions, sizeOf } from "./parameters.ts";
import type { Size } from "./size.ts";

/**
 * The proposed resolution for a pair, or for one image while the other is missing; undefined without images.
 * @param images sizes in pixels, with the orientation applied
 */
export function bestResolution(images: readonly Size[]): Resolution | undefined {
  const [first, ...rest] = images;
  const [one, ...others] = resolutions.map((resolution) => ({ ...sizeOf({ resolution }), resolution }));
  return first && one && bestFitSize([first, ...rest], [one, ...others]).size.resolution;
}
