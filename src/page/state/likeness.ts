/** How two pictures compare at a glance, from small copies of them. Pure: no DOM. */
import type { Likeness } from "../../shared/prompt/lint.ts";

/** Edge in pixels of the small square copies; pictures are squeezed to it whatever their shape. */
export const sampleEdge = 32;

/** A small copy: `sampleEdge` squared pixels of red, green, blue and alpha, 0..255. */
export type Sample = Uint8ClampedArray;

/**
 * Compares two pictures: nearly the same one, two moments of one shot, or different scenes.
 * Thresholds of our own, not calibrated by renders: `same` when all but nothing differs, `unlike` when the pictures
 * share neither their colors nor where it is light and dark.
 */
export function compare(a: Sample, b: Sample): Likeness {
  const [lightA, lightB] = [lightness(a), lightness(b)];
  const differences = lightA.map((light, i) => Math.abs(light - (lightB[i] ?? 0)));
  if (mean(differences) < 2 && Math.max(...differences) < 24) {
    return "same";
  }
  return sharedColors(a, b) < 0.35 && correlation(lightA, lightB) < 0.25 ? "unlike" : "related";
}

/** The mean color along a picture's left and right edges, or its top and bottom ones, as `#rrggbb`. */
export function edgeColor(sample: Sample, edges: "left and right" | "top and bottom"): string {
  const totals = [0, 0, 0];
  for (let along = 0; along < sampleEdge; along++) {
    for (const across of [0, sampleEdge - 1]) {
      const [x, y] = edges === "left and right" ? [across, along] : [along, across];
      for (const band of [0, 1, 2]) {
        totals[band] = (totals[band] ?? 0) + (sample[(y * sampleEdge + x) * 4 + band] ?? 0);
      }
    }
  }
  const hex = (total: number) =>
    Math.round(total / sampleEdge / 2)
      .toString(16)
      .padStart(2, "0");
  return `#${totals.map(hex).join("")}`;
}

function lightness(sample: Sample): number[] {
  const light: number[] = [];
  for (let at = 0; at < sample.length; at += 4) {
    light.push(0.2126 * (sample[at] ?? 0) + 0.7152 * (sample[at + 1] ?? 0) + 0.0722 * (sample[at + 2] ?? 0));
  }
  return light;
}

/** Share of the pixels of one picture whose colors the other has as well, with four steps to each channel. */
function sharedColors(a: Sample, b: Sample): number {
  const [one, other] = [colors(a), colors(b)];
  let shared = 0;
  for (const [color, count] of one) {
    shared += Math.min(count, other.get(color) ?? 0);
  }
  return shared / sampleEdge ** 2;
}

function colors(sample: Sample): Map<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < sample.length; at += 4) {
    const step = (band: number) => (sample[at + band] ?? 0) >> 6;
    const color = (step(0) << 4) | (step(1) << 2) | step(2);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return counts;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const products = a.map((value, i) => (value - meanA) * ((b[i] ?? 0) - meanB));
  const spread = (values: readonly number[], middle: number) =>
    Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  const both = spread(a, meanA) * spread(b, meanB);
  return both === 0 ? 0 : mean(products) / both;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
