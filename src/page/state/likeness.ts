/** How two pictures compare at a glance, judged from small copies of them. Pure: no DOM. */
import type { Likeness } from "../../shared/prompt/lint.ts";

/** Edge length of the small square copies, in pixels. Pictures of any shape are squeezed to it. */
export const sampleEdge = 32;

/** A small copy: `sampleEdge` squared pixels of red, green, blue and alpha, 0..255. */
export type Sample = Uint8ClampedArray;

/**
 * Compares two pictures: nearly identical, two moments of one shot, or different scenes. The thresholds are our own and
 * not calibrated against renders: `same` if almost nothing differs, `unlike` if the pictures share neither their colors
 * nor their distribution of light and dark.
 */
export function compare(a: Sample, b: Sample): Likeness {
  const [lightA, lightB] = [lightness(a), lightness(b)];
  const differences = lightA.map((light, i) => Math.abs(light - (lightB[i] ?? 0)));
  if (mean(differences) < 2 && Math.max(...differences) < 24) {
    return "same";
  }
  return sharedColors(a, b) < 0.35 && correlation(lightA, lightB) < 0.25 ? "unlike" : "related";
}

/** The mean color along a picture's left and right edges, or along its top and bottom edges, as `#rrggbb`. */
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

/** Share of pixels whose colors both pictures have, with four steps per channel. */
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
