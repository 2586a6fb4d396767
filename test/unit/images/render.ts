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

/** A part of a canvas brought to a size, by the definition of a Lanczos kernel of three lobes, pixel by pixel. */
export function lanczos(canvas: Canvas, rect: Rect, target: Size): Canvas {
  const { width, height, bands, values } = canvas;
  const across = kernel(rect.left, rect.width, target.width, width);
  const down = kernel(rect.top, rect.height, target.height, height);
  const rows = new Float64Array(height * target.width * bands);
  const out = new Float64Array(target.width * target.height * bands);
  for (const y of new Set(down.flatMap(({ places }) => [...places]))) {
    for (let x = 0; x < target.width; x++) {
      const { places, weights } = across[x] ?? none;
      for (let band = 0; band < bands; band++) {
        let sum = 0;
        for (let i = 0; i < places.length; i++) {
          sum += (weights[i] ?? 0) * (values[(y * width + (places[i] ?? 0)) * bands + band] ?? 0);
        }
        rows[(y * target.width + x) * bands + band] = sum;
      }
    }
  }
  const line = target.width * bands;
  for (let y = 0; y < target.height; y++) {
    const { places, weights } = down[y] ?? none;
    for (let x = 0; x < line; x++) {
      let sum = 0;
      for (let i = 0; i < places.length; i++) {
        sum += (weights[i] ?? 0) * (rows[(places[i] ?? 0) * line + x] ?? 0);
      }
      out[y * line + x] = Math.min(255, Math.max(0, sum));
    }
  }
  return { ...target, bands, values: out };
}

/** Where the pixels lie that one pixel is made of, and how much each counts. */
interface Taps {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

const none: Taps = { places: new Int32Array(), weights: new Float64Array() };

function kernel(from: number, length: number, target: number, available: number): Taps[] {
  const step = length / target;
  const stretch = Math.max(1, step);
  return Array.from({ length: target }, (_, i) => {
    const centre = from + (i + 0.5) * step - 0.5;
    const places: number[] = [];
    const weights: number[] = [];
    for (let at = Math.ceil(centre - 3 * stretch); at <= centre + 3 * stretch; at++) {
      const x = (at - centre) / stretch;
      places.push(Math.min(available - 1, Math.max(0, at)));
      weights.push(
        x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * (Math.sin((Math.PI * x) / 3) / ((Math.PI * x) / 3)),
      );
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { places: Int32Array.from(places), weights: Float64Array.from(weights, (weight) => weight / total) };
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
