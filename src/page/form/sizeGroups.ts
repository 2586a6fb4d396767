/** The model's ten sizes by shape. Pure: no DOM, no texts. */
import { type Resolution, resolutions, sizeOf } from "../../shared/model/parameters.ts";
import type { Size } from "../../shared/model/size.ts";

/** Sizes of one shape. Width and height are those of the largest. */
export interface SizeGroup extends Size {
  /** The shape as people say it: "16:9". */
  readonly aspect: string;
  /** Largest first. */
  readonly members: readonly Resolution[];
}

/** The shapes, from the widest to the tallest. */
export function sizeGroups(): SizeGroup[] {
  const groups = Map.groupBy(resolutions, (resolution) => resolution.slice(resolution.indexOf("(") + 1, -1));
  return [...groups]
    .flatMap(([aspect, members]) => {
      const [largest, ...others] = members.toReversed();
      return largest === undefined
        ? []
        : [{ aspect, members: [largest, ...others], ...sizeOf({ resolution: largest }) }];
    })
    .sort((a, b) => b.width / b.height - a.width / a.height);
}

/** The fitting resolution, if the one in use has another shape and therefore crops more. */
export function betterFit(fitting: Resolution | undefined, used: Resolution | undefined): Resolution | undefined {
  if (fitting === undefined || used === undefined) {
    return undefined;
  }
  const [a, b] = [sizeOf({ resolution: fitting }), sizeOf({ resolution: used })];
  return a.width * b.height === b.width * a.height ? undefined : fitting;
}

/**
 * The size that the service is expected to return, if it differs from the requested one. The service cuts edges to
 * multiples of eight (`docs/service.md`, "The model", "540 sizes").
 */
export function returnedSize({ width, height }: Size): Size | undefined {
  const returned = { width: width - (width % 8), height: height - (height % 8) };
  return returned.width === width && returned.height === height ? undefined : returned;
}
