/** Width and height in whole pixels, as the eye sees the picture (orientation already applied). */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point as fractions of the picture: `{x: 0, y: 0}` is the top left corner, `{x: 1, y: 1}` the bottom right one. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * How a picture is brought to the target's ratio. A plain JSON value, so that it can live in a draft and in a recipe.
 * Every mode is told apart by `mode`; `zoom` is 1 as long as covering is the only way to fill the frame.
 */
export type CropPlan = { readonly mode: "crop"; readonly focus: Point; readonly zoom: 1 };

/** The plan of a picture nobody has touched: cover the frame, keep the middle. */
export const CENTRE_CROP: CropPlan = { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 };

/** A rectangle in pixels; whole or fractional as the field that holds it says. */
export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a cover crop does to one picture. */
export interface CoverCrop {
  /** Target pixels per source pixel; above 1 the picture is enlarged. */
  readonly scale: number;
  /** The whole source scaled to cover the target, in whole pixels: never smaller than the target on either edge. */
  readonly scaled: Size;
  /** What is cut out of `scaled`, in whole pixels; exactly as large as the target. */
  readonly cut: Rect;
  /** The same cut in pixels of the source. Fractional, and always inside the source. */
  readonly rect: Rect;
  /** Share of the source's area that survives, above 0 up to 1. */
  readonly keptShare: number;
  /** Share of the source's area that is cut off, and where; `side` is null when nothing is. */
  readonly lost: { readonly share: number; readonly side: "left and right" | "top and bottom" | null };
}

/**
 * The arithmetic of a cover crop: scale by the larger of the two edge ratios, then cut what overhangs, with `focus` as
 * near to the middle of the cut as the picture's edges allow. The conforming worker executes exactly this result.
 *
 * @param source oriented size of the picture, whole pixels above 0
 * @param target size to reach, whole pixels above 0
 * @param focus the point to keep in view, both fractions within 0..1
 * @throws RangeError when a size is not a positive whole number or the focus lies outside the picture
 */
export function coverCrop(source: Size, target: Size, focus: Point = CENTRE_CROP.focus): CoverCrop {
  assertSize("source", source);
  assertSize("target", target);
  if (!(focus.x >= 0 && focus.x <= 1 && focus.y >= 0 && focus.y <= 1)) {
    throw new RangeError(`focus must lie within the picture: ${focus.x}, ${focus.y}`);
  }
  const scale = Math.max(target.width / source.width, target.height / source.height);
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
  const keptShare = keptShareOf(source, target);
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
    lost: { share: 1 - keptShare, side: lostSide(source, target) },
  };
}

/** A size proposed for some pictures. */
export interface BestFit<S extends Size> {
  readonly size: S;
  /** Share of each picture that is kept, in the order given, above 0 up to 1. */
  readonly keptShares: readonly number[];
  /** True when at least one picture has to be enlarged for this size. */
  readonly enlarges: boolean;
}

/**
 * The size that suits the pictures best: the ratio whose worst kept share is best and, among the sizes of that ratio,
 * the largest that enlarges no picture, else the smallest. Equal ratios are told apart by the sum of the shares, then
 * by the order of `sizes`.
 *
 * @param images oriented sizes; one picture while the pair is incomplete, two for a pair
 * @param sizes the sizes to choose from
 * @throws RangeError when a size is not a positive whole number
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

/** Shares closer than this are one share; the closest two different ratios of real pictures are farther apart. */
const EQUAL = 1e-12;

function keptShareOf(source: Size, target: Size): number {
  const across = source.width * target.height;
  const down = target.width * source.height;
  return Math.min(across / down, down / across);
}

function lostSide(source: Size, target: Size): CoverCrop["lost"]["side"] {
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
