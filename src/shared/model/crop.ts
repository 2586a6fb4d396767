import { type CropPlan, centerCrop } from "./plan.ts";
import type { Size } from "./size.ts";

/** A point as fractions of the picture: `{x: 0, y: 0}` is the top left corner, `{x: 1, y: 1}` the bottom right one. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels. The field that holds it says whether they are whole or fractional. */
export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a cover crop does to a picture. */
export interface CoverCrop {
  /** Target pixels per source pixel; above 1 the picture is enlarged. */
  readonly scale: number;
  /** Size of the whole source scaled to cover the target, in whole pixels. Neither edge is shorter than the target's. */
  readonly scaled: Size;
  /** The part of `scaled` that is kept, in whole pixels. It has exactly the target's size. */
  readonly cut: Rect;
  /** The same part in source pixels. Fractional, and always inside the source. */
  readonly rect: Rect;
  /** Share of the source's area that is kept, above 0 and at most 1. */
  readonly keptShare: number;
  /** Share of the source's area that is cut off, and where; `side` is null if nothing is cut off. */
  readonly lost: { readonly share: number; readonly side: LostSide | null };
}

/** Where a crop cuts something off. */
type LostSide = "left and right" | "top and bottom" | "all round";

/**
 * Computes a cover crop: scales by the larger edge ratio times the zoom, then cuts off the overhang and keeps `focus` as
 * close to the center as the picture's edges allow. The page draws exactly this result, and the conforming worker applies it.
 *
 * @param source size of the picture with its orientation applied, whole pixels above 0
 * @param target size to reach, whole pixels above 0
 * @param focus the point to keep in view; both fractions are within 0..1
 * @param zoom 1 keeps as much as covering allows; 2 shows half of that in each direction
 * @throws RangeError if a size is not a positive whole number, the focus lies outside the picture, or the zoom is below 1
 */
export function coverCrop(
  source: Size,
  target: Size,
  focus: Point = centerCrop.focus,
  zoom = centerCrop.zoom,
): CoverCrop {
  assertSize("source", source);
  assertSize("target", target);
  if (!(focus.x >= 0 && focus.x <= 1 && focus.y >= 0 && focus.y <= 1)) {
    throw new RangeError(`focus must lie within the picture: ${focus.x}, ${focus.y}`);
  }
  if (!(zoom >= 1 && Number.isFinite(zoom))) {
    throw new RangeError(`zoom must be 1 or more: ${zoom}`);
  }
  const scale = Math.max(target.width / source.width, target.height / source.height) * zoom;
  const scaled = {
    width: Math.max(target.width, Math.round(source.width * scale)),
    height: Math.max(target.height, Math.round(source.height * scale)),
  };
  const cut = {
    left: offset(scaled.width, target.width, focus.x),
    top: offset(scaled.height, target.height, focus.y),
    width: target.width,
    height: target.height,
  };
  const perColumn = source.width / scaled.width;
  const perRow = source.height / scaled.height;
  const keptShare = keptShareOf(source, target) / zoom ** 2;
  return {
    scale,
    scaled,
    cut,
    rect: {
      left: cut.left * perColumn,
      top: cut.top * perRow,
      width: cut.width * perColumn,
      height: cut.height * perRow,
    },
    keptShare,
    lost: { share: 1 - keptShare, side: zoom > 1 ? "all round" : lostSide(source, target) },
  };
}

/** Where an uncropped picture sits in the frame. */
interface FitBox {
  /** Target pixels per source pixel; above 1 the picture is enlarged. */
  readonly scale: number;
  /** In whole target pixels. It fills the frame along one edge and is centered along the other. */
  readonly box: Rect;
}

/**
 * Computes how to fit a whole picture into the frame: scales by the smaller edge ratio, and centers it.
 * @throws RangeError if a size is not a positive whole number
 */
export function fitBox(source: Size, target: Size): FitBox {
  assertSize("source", source);
  assertSize("target", target);
  const scale = Math.min(target.width / source.width, target.height / source.height);
  const width = Math.min(target.width, Math.max(1, Math.round(source.width * scale)));
  const height = Math.min(target.height, Math.max(1, Math.round(source.height * scale)));
  return {
    scale,
    box: {
      left: Math.floor((target.width - width) / 2),
      top: Math.floor((target.height - height) / 2),
      width,
      height,
    },
  };
}

/** Radius of the blur that fills the rest of the frame, as a standard deviation in target pixels. */
export function blurRadius(target: Size): number {
  return Math.max(target.width, target.height) / 40;
}

/**
 * The same crop with its focus moved to the center of the kept part. If the focus stayed closer to an edge than half the
 * frame, dragging it back would at first move nothing.
 */
export function settled(plan: CropPlan & { mode: "crop" }, source: Size, target: Size): CropPlan & { mode: "crop" } {
  const free = (edge: number, kept: number, focus: number) => {
    const margin = Math.min(0.5, kept / edge / 2);
    return Math.min(Math.max(focus, margin), 1 - margin);
  };
  const { rect } = coverCrop(source, target, plan.focus, plan.zoom);
  return {
    ...plan,
    focus: {
      x: free(source.width, rect.width, plan.focus.x),
      y: free(source.height, rect.height, plan.focus.y),
    },
  };
}

/** The proposed size for a set of pictures. */
interface BestFit<S extends Size> {
  readonly size: S;
  /** The kept share of each picture, in the given order, above 0 and at most 1. */
  readonly keptShares: readonly number[];
  /** True if this size enlarges at least one picture. */
  readonly enlarges: boolean;
}

/**
 * The size that suits the pictures best. It first chooses the ratio with the best worst kept share; the sum of the shares,
 * then the order of `sizes`, breaks ties. Of that ratio it takes the largest size that enlarges no picture, or else the
 * smallest one.
 *
 * @param images sizes with the orientation applied: one while the pair is incomplete, two for a pair
 * @param sizes the sizes to choose from
 * @throws RangeError if a size is not a positive whole number
 */
export function bestFitSize<S extends Size>(
  images: readonly [Size, ...Size[]],
  sizes: readonly [S, ...S[]],
): BestFit<S> {
  for (const size of [...images, ...sizes]) {
    assertSize("every size", size);
  }
  const [first, ...rest] = sizes;
  let best = first;
  for (const size of rest) {
    if (suitsBetter(images, size, best)) {
      best = size;
    }
  }
  return {
    size: best,
    keptShares: images.map((image) => keptShareOf(image, best)),
    enlarges: enlargesAny(images, best),
  };
}

function suitsBetter(images: readonly Size[], size: Size, than: Size): boolean {
  if (sameRatio(size, than)) {
    const enlarges = enlargesAny(images, size);
    if (enlarges !== enlargesAny(images, than)) {
      return !enlarges;
    }
    return enlarges ? size.width < than.width : size.width > than.width;
  }
  const shares = images.map((image) => keptShareOf(image, size));
  const others = images.map((image) => keptShareOf(image, than));
  const worst = Math.min(...shares) - Math.min(...others);
  return Math.abs(worst) > EQUAL ? worst > 0 : sum(shares) - sum(others) > EQUAL;
}

/** Shares that differ by less than this count as equal. The ratios of real pictures differ by more. */
const EQUAL = 1e-12;

function keptShareOf(source: Size, target: Size): number {
  const across = source.width * target.height;
  const down = target.width * source.height;
  return Math.min(across / down, down / across);
}

function lostSide(source: Size, target: Size): LostSide | null {
  if (sameRatio(source, target)) {
    return null;
  }
  return source.width * target.height > target.width * source.height ? "left and right" : "top and bottom";
}

function sameRatio(a: Size, b: Size): boolean {
  return a.width * b.height === b.width * a.height;
}

function enlargesAny(images: readonly Size[], size: Size): boolean {
  return images.some((image) => image.width < size.width || image.height < size.height);
}

function offset(scaled: number, target: number, focus: number): number {
  return Math.round(Math.min(Math.max(focus * scaled - target / 2, 0), scaled - target));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function assertSize(what: string, size: Size): void {
  if (!(Number.isInteger(size.width) && Number.isInteger(size.height) && size.width > 0 && size.height > 0)) {
    throw new RangeError(`${what} must have whole pixels above 0: ${size.width}x${size.height}`);
  }
}
