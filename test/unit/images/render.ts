import type { Rect, Size } from "../../../src/images/crop.ts";

/** Pixels as numbers: rows from the top, `bands` values a pixel, 0..255 for sRGB. */
export interface Canvas extends Size {
  readonly bands: number;
  readonly values: Float64Array;
}

/** A picture with what pictures are hard to scale by: soft shading, fine texture, hard slanted edges, every colour. */
export function scene({ width, height }: Size, bands = 3): Canvas {
  const values = new Float64Array(width * height * bands);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const stripes = Math.sin((x + y * 0.6) / 5) * 30 + Math.sin((x * 0.4 - y) / 3) * 18;
      const edge = (3 * u + 1.7 * v) % 0.5 < 0.25 ? 45 : -20;
      const disc = Math.hypot(u - 0.6, (v - 0.4) * (height / width)) < 0.17 ? 60 : 0;
      const pixel = [120 + 60 * u + stripes + edge, 100 + 50 * v - stripes * 0.7 + disc, 140 - 60 * u * v + edge * 0.8];
      const alpha = Math.round(Math.min(255, Math.max(0, 400 * Math.hypot(u - 0.3, v - 0.7))));
      for (let band = 0; band < bands; band++) {
        values[(y * width + x) * bands + band] =
          band === 3 ? alpha : Math.round(Math.min(250, Math.max(5, pixel[band] ?? 0)));
      }
    }
  }
  return { width, height, bands, values };
}

/** A canvas with each pixel replaced. */
export function mapped(canvas: Canvas, bands: number, change: (pixel: readonly number[]) => readonly number[]): Canvas {
  const { width, height, values } = canvas;
  const out = new Float64Array(width * height * bands);
  for (let i = 0; i < width * height; i++) {
    out.set(change([...values.subarray(i * canvas.bands, (i + 1) * canvas.bands)]), i * bands);
  }
  return { width, height, bands, values: out };
}

/** A part of a canvas brought to a size, by the definition of a Lanczos kernel of three lobes, pixel by pixel. */
export function lanczos(canvas: Canvas, rect: Rect, target: Size): Canvas {
  const { width, height, bands, values } = canvas;
  const across = kernel(rect.left, rect.width, target.width, width);
  const down = kernel(rect.top, rect.height, target.height, height);
  const rows = new Float64Array(height * target.width * bands);
  const out = new Float64Array(target.width * target.height * bands);
  for (let y = 0; y < height; y++) {
    for (const [x, taps] of across.entries()) {
      for (const [column, weight] of taps) {
        for (let band = 0; band < bands; band++) {
          const to = (y * target.width + x) * bands + band;
          rows[to] = (rows[to] ?? 0) + weight * (values[(y * width + column) * bands + band] ?? 0);
        }
      }
    }
  }
  for (const [y, taps] of down.entries()) {
    for (const [row, weight] of taps) {
      for (let x = 0; x < target.width * bands; x++) {
        const to = y * target.width * bands + x;
        out[to] = (out[to] ?? 0) + weight * (rows[row * target.width * bands + x] ?? 0);
      }
    }
  }
  return { ...target, bands, values: out.map((value) => Math.min(255, Math.max(0, value))) };
}

function kernel(from: number, length: number, target: number, available: number): [number, number][][] {
  const step = length / target;
  const stretch = Math.max(1, step);
  return Array.from({ length: target }, (_, i) => {
    const centre = from + (i + 0.5) * step - 0.5;
    const taps: [number, number][] = [];
    let total = 0;
    for (let at = Math.ceil(centre - 3 * stretch); at <= centre + 3 * stretch; at++) {
      const x = (at - centre) / stretch;
      const weight =
        x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * (Math.sin((Math.PI * x) / 3) / ((Math.PI * x) / 3));
      taps.push([Math.min(available - 1, Math.max(0, at)), weight]);
      total += weight;
    }
    return taps.map(([at, weight]) => [at, weight / total]);
  });
}

/** Peak signal to noise ratio in dB of 8-bit pixels against exact ones, over all or over where `counts` says so. */
export function psnr(
  pixels: ArrayLike<number>,
  exact: Canvas,
  counts: (x: number, y: number) => boolean = () => true,
): number {
  let [sum, number] = [0, 0];
  for (let i = 0; i < exact.values.length; i++) {
    const at = Math.floor(i / exact.bands);
    if (counts(at % exact.width, Math.floor(at / exact.width))) {
      sum += ((pixels[i] ?? Number.NaN) - Math.round(exact.values[i] ?? 0)) ** 2;
      number += 1;
    }
  }
  return 10 * Math.log10(255 ** 2 / (sum / number));
}
