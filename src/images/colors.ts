import type Vips from "wasm-vips";
import { type ColorSpace, srgbValue } from "./colorSpace.ts";
import type { Declared } from "./declared.ts";
import { ImageError } from "./errors.ts";
import { hasField, type VipsModule, vipsMessage } from "./library.ts";

export const ICC_FIELD = "icc-profile-data";

/** What counts as black and as white in a picture, each as stored. */
interface ValueRange {
  readonly least: number;
  readonly most: number;
}

/**
 * True if the numbers of a picture have no known scale, such as the meters of a depth map: then its `valueRange`
 * decides what is black and what is white.
 * @throws ImageError `unsupported` if they cannot be made into colors
 */
export function needsRange(image: Vips.Image): boolean {
  const format = String(image.format);
  const colors = image.bands - (image.hasAlpha() ? 1 : 0);
  if (format === "uchar" || format === "ushort" || (isFloating(image) && colors >= 3)) {
    return false;
  }
  if (image.hasAlpha() || ![1, 3].includes(image.bands) || format.endsWith("complex")) {
    throw new ImageError({ code: "unsupported", detail: `${image.bands} bands of ${format}` });
  }
  return true;
}

/**
 * Reads a whole picture twice to find its black and its white: 0 and 1, or 0 and 255 for whole numbers, if all values
 * are within; else the least and the most of its finite values.
 * @param open opens the picture for reading from the top
 */
export function valueRange(open: () => Vips.Image): ValueRange {
  const least = use(open(), (image) => use(finite(image, BEYOND, BEYOND), (clean) => clean.min()));
  const most = use(open(), (image) => use(finite(image, -BEYOND, -BEYOND), (clean) => clean.max()));
  const usual = use(open(), (image) => (isFloating(image) ? 1 : 255));
  return least >= 0 && most <= usual ? { least: 0, most: usual } : { least, most };
}

/** Converts the values of a picture to 8 bits: `least` to 0, `most` to 255. NaN becomes black. */
function toBytes(image: Vips.Image, { least, most }: ValueRange): Vips.Image {
  using clean = finite(image, least, most);
  const factor = most > least ? 255 / (most - least) : 0;
  using scaled = clean.linear(factor, 0.5 - least * factor, { uchar: true });
  return scaled.copy({ interpretation: scaled.bands === 1 ? "b-w" : "srgb" });
}

/** More than any picture holds, less than 32 bits hold. */
const BEYOND = 3e38;

function finite(image: Vips.Image, insteadOfNone: number, insteadOfInfinite: number): Vips.Image {
  if (!isFloating(image)) {
    return image.copy();
  }
  // Comparing with NaN gives false.
  using some = image.moreEq(-BEYOND);
  using numbers = some.ifthenelse(image, insteadOfNone);
  using infinite = numbers.more(BEYOND);
  return infinite.ifthenelse(insteadOfInfinite, numbers);
}

function isFloating(image: Vips.Image): boolean {
  return ["float", "double"].includes(String(image.format));
}

/**
 * Converts a picture to 8-bit sRGB of three bands, with a fourth for its transparency if it has any.
 * @param range what `valueRange` gave, for a picture that needs one
 * @throws ImageError `unsupported` if its colors cannot be converted
 */
export function toSrgb(
  vips: VipsModule,
  image: Vips.Image,
  declared: Declared,
  range: ValueRange | undefined,
): Vips.Image {
  using known = range === undefined ? image.copy() : toBytes(image, range);
  if (hasField(image, ICC_FIELD) && declared.overProfile !== true) {
    try {
      return known.iccTransform("srgb", {
        embedded: true,
        intent: "relative",
        black_point_compensation: true,
        depth: 8,
      });
    } catch {
      // A profile that is broken or made for other channels is ignored, as in browsers.
    }
  } else if (declared.space !== undefined) {
    return fromSpace(vips, known, declared.space);
  }
  try {
    using colors = known.colourspace("srgb");
    if (String(colors.format) === "uchar" && colors.bands >= 3) {
      return colors.copy();
    }
  } catch (error) {
    throw new ImageError({ code: "unsupported", detail: vipsMessage(error) ?? "colors" });
  }
  throw new ImageError({ code: "unsupported", detail: `${image.bands} bands of ${image.format}` });
}

/** Stretches a gray picture's 16..235 of 255 to all of 0..255. */
export function fullRange(image: Vips.Image): Vips.Image {
  const full = String(image.format) === "ushort" ? 65_535 : 255;
  const alpha = image.hasAlpha();
  const colors = image.bands - (alpha ? 1 : 0);
  const bands = (value: number, ofAlpha: number) => [...Array(colors).fill(value), ...(alpha ? [ofAlpha] : [])];
  using stretched = image.linear(bands(255 / 219, 1), bands((-16 / 219) * full, 0));
  using rounded = stretched.rint();
  return rounded.cast(image.format);
}

/** Converts colors that are defined by numbers, through linear light if their primaries are not sRGB's. */
function fromSpace(vips: VipsModule, image: Vips.Image, { light, toSrgb }: ColorSpace): Vips.Image {
  const levels = String(image.format) === "ushort" ? 65_536 : 256;
  const colors = image.bands - (image.hasAlpha() ? 1 : 0);
  using parts = image.extractBand(0, { n: colors });
  using wide =
    toSrgb !== undefined && colors === 3
      ? spread(vips, parts, levels, light, toSrgb)
      : shaded(vips, parts, levels, light);
  if (!image.hasAlpha()) {
    return wide.copy();
  }
  using alpha = image.extractBand(colors);
  using whole = levels === 256 ? alpha.copy() : alpha.linear(255 / 65_535, 0.5, { uchar: true });
  using joined = wide.bandjoin(whole);
  return joined.copy({ interpretation: "srgb" });
}

/** Converts each band by itself, with a table from stored values to sRGB's. */
function shaded(vips: VipsModule, image: Vips.Image, levels: number, light: ColorSpace["light"]): Vips.Image {
  const table = Uint8Array.from({ length: levels }, (_, i) => Math.round(255 * srgbValue(light(i / (levels - 1)))));
  using lut = vips.Image.newFromMemory(table, levels, 1, 1, vips.BandFormat.uchar);
  using values = image.maplut(lut);
  using known = values.copy({ interpretation: values.bands === 1 ? "b-w" : "srgb" });
  return known.colourspace("srgb");
}

function spread(
  vips: VipsModule,
  image: Vips.Image,
  levels: number,
  light: ColorSpace["light"],
  toSrgb: NonNullable<ColorSpace["toSrgb"]>,
): Vips.Image {
  const table = Float32Array.from({ length: levels }, (_, i) => light(i / (levels - 1)));
  using lut = vips.Image.newFromMemory(table, levels, 1, 1, vips.BandFormat.float);
  using linear = image.maplut(lut);
  using factors = vips.Image.newFromMemory(Float64Array.from(toSrgb.flat()), 3, 3, 1, vips.BandFormat.double);
  using ours = linear.recomb(factors);
  using known = ours.copy({ interpretation: "scrgb" });
  return known.colourspace("srgb");
}

function use<T>(image: Vips.Image, work: (image: Vips.Image) => T): T {
  using held = image;
  return work(held);
}
