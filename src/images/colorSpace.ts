/** Nine factors, row by row: linear light of a picture's own primaries to that of sRGB. */
type Matrix = readonly [readonly number[], readonly number[], readonly number[]];

/** Colors that are defined by numbers, not by a profile. */
export interface ColorSpace {
  /** Linear light, 1 for the white of sRGB, of a stored value 0..1. */
  readonly light: (value: number) => number;
  /** Left out if the primaries are those of sRGB. */
  readonly toSrgb?: Matrix;
  /** True if the picture holds more light than sRGB has: anything brighter than its white becomes white. */
  readonly hdr: boolean;
}

/**
 * The color space of a pair of codes (ITU-T H.273, tables 2 and 3); undefined if it is sRGB or not known here. All
 * curves of standard video count as sRGB's, as in browsers.
 */
export function spaceOfCodes(primaries: number, transfer: number): ColorSpace | undefined {
  const points = PRIMARIES[primaries];
  const toSrgb = points && matrixOf(points);
  const light = transfer === 16 ? pq : transfer === 18 ? hlg : srgbLight;
  if (toSrgb === undefined && light === srgbLight) {
    return undefined;
  }
  return { light, ...(toSrgb && { toSrgb }), hdr: light !== srgbLight };
}

/**
 * The color space of a PNG's gamma and chromaticities; undefined if it is practically sRGB.
 * @param gamma exponent from light to stored values, such as 0.45455
 * @param points x and y of white, red, green and blue, in this order; sRGB's without
 */
export function gammaSpace(gamma: number, points: readonly number[] | undefined): ColorSpace | undefined {
  if (!(gamma > 0.05 && gamma < 20)) {
    return undefined;
  }
  // The threshold of libpng: nobody sees less.
  const usual = Math.abs(gamma * 2.2 - 1) < 0.05;
  const toSrgb =
    points === undefined || points.every((point, i) => Math.abs(point - (SRGB[i] ?? 0)) < 0.005)
      ? undefined
      : matrixOf(points);
  if (usual && toSrgb === undefined) {
    return undefined;
  }
  return { light: usual ? srgbLight : (value) => value ** (1 / gamma), ...(toSrgb && { toSrgb }), hdr: false };
}

/** A value 0..1 of sRGB for linear light; anything beyond is clipped (IEC 61966-2-1). */
export function srgbValue(light: number): number {
  const within = Math.min(1, Math.max(0, light));
  return within <= 0.0031308 ? 12.92 * within : 1.055 * within ** (1 / 2.4) - 0.055;
}

function srgbLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The light of the white of graphics in HDR pictures, in cd/m² (ITU-R BT.2408). */
const GRAPHICS_WHITE = 203;

/** SMPTE ST 2084, whose full scale is 10 000 cd/m². */
function pq(value: number): number {
  const root = value ** (1 / 78.84375);
  const light = (Math.max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125);
  return (light * 10_000) / GRAPHICS_WHITE;
}

/** ITU-R BT.2100 on a display of 1000 cd/m². */
function hlg(value: number): number {
  const scene = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (scene ** 1.2 * 1000) / GRAPHICS_WHITE;
}

const D65 = [0.3127, 0.329];
const SRGB = [...D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** White, red, green and blue by code, without sRGB's (1). */
const PRIMARIES: Readonly<Record<number, readonly number[]>> = {
  9: [...D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  12: [...D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
};

/** Undefined if the points are no color space. */
function matrixOf(points: readonly number[]): Matrix | undefined {
  const [own, srgb] = [toXyz(points), toXyz(SRGB)];
  const back = srgb && inverse(srgb);
  if (own === undefined || back === undefined) {
    return undefined;
  }
  // White stays white, whichever white it was: a picture looks as it did next to its own white.
  const [red, green, blue] = multiply(back, own);
  const balanced = (row: readonly number[]) => row.map((value) => value / row.reduce((sum, other) => sum + other, 0));
  return [balanced(red), balanced(green), balanced(blue)];
}

/** From linear light to CIE XYZ (SMPTE RP 177). */
function toXyz(points: readonly number[]): Matrix | undefined {
  const [wx = 0, wy = 0, rx = 0, ry = 0, gx = 0, gy = 0, bx = 0, by = 0] = points;
  if ([wy, ry, gy, by].some((y) => y <= 0)) {
    return undefined;
  }
  const columns: Matrix = [
    [rx / ry, gx / gy, bx / by],
    [1, 1, 1],
    [(1 - rx - ry) / ry, (1 - gx - gy) / gy, (1 - bx - by) / by],
  ];
  const back = inverse(columns);
  if (back === undefined) {
    return undefined;
  }
  const white = [wx / wy, 1, (1 - wx - wy) / wy];
  const scale = back.map((row) => row.reduce((sum, value, i) => sum + value * (white[i] ?? 0), 0));
  const [x, y, z] = columns;
  const scaled = (row: readonly number[]) => row.map((value, i) => value * (scale[i] ?? 0));
  return [scaled(x), scaled(y), scaled(z)];
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const row = (left: readonly number[]) =>
    [0, 1, 2].map((column) => b.reduce((sum, right, i) => sum + (left[i] ?? 0) * (right[column] ?? 0), 0));
  return [row(a[0]), row(a[1]), row(a[2])];
}

function inverse([a, b, c]: Matrix): Matrix | undefined {
  const [a1 = 0, a2 = 0, a3 = 0] = a;
  const [b1 = 0, b2 = 0, b3 = 0] = b;
  const [c1 = 0, c2 = 0, c3 = 0] = c;
  const determinant = a1 * (b2 * c3 - b3 * c2) - a2 * (b1 * c3 - b3 * c1) + a3 * (b1 * c2 - b2 * c1);
  if (Math.abs(determinant) < 1e-9) {
    return undefined;
  }
  const over = (value: number) => value / determinant;
  return [
    [b2 * c3 - b3 * c2, a3 * c2 - a2 * c3, a2 * b3 - a3 * b2].map(over),
    [b3 * c1 - b1 * c3, a1 * c3 - a3 * c1, a3 * b1 - a1 * b3].map(over),
    [b1 * c2 - b2 * c1, a2 * c1 - a1 * c2, a1 * b2 - a2 * b1].map(over),
  ];
}
