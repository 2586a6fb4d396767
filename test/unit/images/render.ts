import assert from "node:assert/strict";
import type { Rect } from "../../../src/shared/model/crop.ts";
import type { Size } from "../../../src/shared/model/size.ts";

/** Pixels as numbers: rows from the top, `bands` values a pixel, 0..255 for sRGB. */
export interface Canvas extends Size {
  readonly bands: number;
  readonly values: Float64Array;
}

/** A picture with what pictures are hard to scale by: soft shading, fine texture, hard slanted edges, every color. */
export function scene({ width, height }: Size, bands: 3 | 4 = 3): Canvas {
  const values = new Float64Array(width * height * bands);
  const color = (value: number) => Math.round(Math.min(250, Math.max(5, value)));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += bands) {
      const [u, v] = [x / width, y / height];
      const stripes = Math.sin((x + y * 0.6) / 5) * 30 + Math.sin((x * 0.4 - y) / 3) * 18;
      const edge = (3 * u + 1.7 * v) % 0.5 < 0.25 ? 45 : -20;
      const disc = (u - 0.6) ** 2 + ((v - 0.4) * (height / width)) ** 2 < 0.17 ** 2 ? 60 : 0;
      values[at] = color(120 + 60 * u + stripes + edge);
      values[at + 1] = color(100 + 50 * v - stripes * 0.7 + disc);
      values[at + 2] = color(140 - 60 * u * v + edge * 0.8);
      if (bands === 4) {
        values[at + 3] = Math.round(Math.min(255, 400 * Math.sqrt((u - 0.3) ** 2 + (v - 0.7) ** 2)));
      }
    }
  }
  return { width, height, bands, values };
}

/** A canvas with each pixel replaced. */
export function mapped(canvas: Canvas, bands: number, change: (pixel: readonly number[]) => readonly number[]): Canvas {
  const { width, height, values } = canvas;
  const out = new Float64Array(width * height * bands);
  const pixel = new Array<number>(canvas.bands).fill(0);
  for (let i = 0; i < width * height; i++) {
    for (let band = 0; band < canvas.bands; band++) {
      pixel[band] = values[i * canvas.bands + band] ?? 0;
    }
    const changed = change(pixel);
    for (let band = 0; band < bands; band++) {
      out[i * bands + band] = changed[band] ?? 0;
    }
  }
  return { width, height, bands, values: out };
}

/** A part of a canvas brought to a size, by the definition of a Lanczos kernel of three lobes. */
export function lanczos(canvas: Canvas, rect: Rect, target: Size): Canvas {
  const across = taps(rect.left, rect.width, target.width, canvas.width);
  const down = taps(rect.top, rect.height, target.height, canvas.height);
  const exact = weighed(canvas, across, down);
  const { values } = exact;
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.min(255, Math.max(0, values[at] ?? 0));
  }
  return exact;
}

function taps(from: number, length: number, target: number, available: number): Taps[] {
  const step = length / target;
  const stretch = Math.max(1, step);
  return Array.from({ length: target }, (_, i) => {
    const center = from + (i + 0.5) * step - 0.5;
    return tapsAbout(center, 3 * stretch, available, (distance) => {
      const x = (Math.PI * distance) / stretch;
      return x === 0 ? 1 : (Math.sin(x) / x) * (Math.sin(x / 3) / (x / 3));
    });
  });
}

/** A canvas under a Gaussian by its definition, `sigma` in pixels; beyond the edges the outermost pixels go on. */
export function blurred(canvas: Canvas, sigma: number): Canvas {
  const along = (length: number) =>
    Array.from({ length }, (_, at) =>
      tapsAbout(at, Math.ceil(3 * sigma), length, (distance) => Math.exp(-(distance ** 2) / (2 * sigma ** 2))),
    );
  return weighed(canvas, along(canvas.width), along(canvas.height));
}

/** The pixels, one after the other along one axis, that one pixel is made of, and how much each counts. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** The pixels as far as `reach` from a center, weighed by their distance; those beyond the edges count for the outermost. */
function tapsAbout(center: number, reach: number, available: number, weigh: (distance: number) => number): Taps {
  const within = (place: number) => Math.min(available - 1, Math.max(0, place));
  const first = within(Math.ceil(center - reach));
  const weights = new Float64Array(within(Math.floor(center + reach)) - first + 1);
  let total = 0;
  for (let place = Math.ceil(center - reach); place <= center + reach; place++) {
    const weight = weigh(place - center);
    weights[within(place) - first] = (weights[within(place) - first] ?? 0) + weight;
    total += weight;
  }
  return { first, weights: weights.map((weight) => weight / total) };
}

/** An opaque canvas of as many columns and rows as there are taps. */
function weighed({ width, bands, values }: Canvas, across: readonly Taps[], down: readonly Taps[]): Canvas {
  assert.equal(bands, 3);
  const line = across.length * 3;
  const rows = new Map<number, Float64Array>();
  const row = (y: number): Float64Array => {
    const made = rows.get(y) ?? new Float64Array(line);
    if (rows.has(y)) {
      return made;
    }
    rows.set(y, made);
    for (let x = 0; x < across.length; x++) {
      const { first, weights } = across[x] ?? none;
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0, from = (y * width + first) * 3; i < weights.length; i++, from += 3) {
        const weight = weights[i] ?? 0;
        red += weight * (values[from] ?? 0);
        green += weight * (values[from + 1] ?? 0);
        blue += weight * (values[from + 2] ?? 0);
      }
      made[x * 3] = red;
      made[x * 3 + 1] = green;
      made[x * 3 + 2] = blue;
    }
    return made;
  };
  const out = new Float64Array(down.length * line);
  for (const [y, { first, weights }] of down.entries()) {
    const sums = out.subarray(y * line, (y + 1) * line);
    for (const [i, weight] of weights.entries()) {
      const from = row(first + i);
      for (let x = 0; x < line; x++) {
        sums[x] = (sums[x] ?? 0) + weight * (from[x] ?? 0);
      }
    }
  }
  return { width: across.length, height: down.length, bands, values: out };
}

const none: Taps = { first: 0, weights: new Float64Array() };

/** Peak signal to noise ratio in dB of 8-bit pixels against exact ones, over all or over where `counts` says so. */
export function psnr(
  pixels: Uint8Array,
  { width, height, bands, values }: Canvas,
  counts: (x: number, y: number) => boolean = () => true,
): number {
  assert.equal(pixels.length, values.length);
  let [sum, number] = [0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += bands) {
      if (counts(x, y)) {
        for (let band = at; band < at + bands; band++) {
          sum += ((pixels[band] ?? 0) - Math.round(values[band] ?? 0)) ** 2;
        }
        number += bands;
      }
    }
  }
  return 10 * Math.log10(255 ** 2 / (sum / number));
}
