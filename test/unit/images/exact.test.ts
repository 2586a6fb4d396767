import assert from "node:assert/strict";
import { test } from "node:test";
import type Vips from "wasm-vips";
import { coverCrop, fitBox, type Size } from "../../../src/images/crop.ts";
import type { CropPlan } from "../../../src/model/plan.ts";
import { conformer, MIDDLE, save, vips } from "./pictures.ts";
import { type Canvas, lanczos, mapped, psnr, scene } from "./render.ts";

// What the image thread makes, against a render of the announced rectangle that shares no code with it.

/** Enough for two renders to be the same picture; rounding alone takes it from infinity to about 55 dB. */
const SAME = 45;

function image(
  canvas: Canvas,
  format: "uchar" | "ushort" = "uchar",
  interpretation: "srgb" | "rgb16" = "srgb",
): Vips.Image {
  const { width, height, bands, values } = canvas;
  const pixels = format === "uchar" ? Uint8Array.from(values) : Uint16Array.from(values);
  return vips.Image.newFromMemory(pixels, width, height, bands, vips.BandFormat[format]).copy({ interpretation });
}

async function sent(path: string, target: Size, plan: CropPlan): Promise<Uint8Array> {
  const { png } = await conformer.conform({ source: { path }, target, plan });
  const decoded = vips.Image.newFromBuffer(png);
  assert.deepEqual([decoded.width, decoded.height, decoded.bands], [target.width, target.height, 3]);
  return Uint8Array.from(decoded.writeToMemory());
}

const plans: readonly CropPlan[] = [
  MIDDLE,
  { mode: "crop", focus: { x: 0.1, y: 0.85 }, zoom: 1 },
  { mode: "crop", focus: { x: 0.62, y: 0.4 }, zoom: 1.7 },
  { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 4 },
];

/** Compares all plans at all of these sizes. `seen` is the picture upright, opaque, in sRGB. */
async function compare(name: string, path: string, seen: Canvas, sizes: readonly Size[]): Promise<void> {
  for (const target of sizes) {
    for (const plan of plans.filter((candidate) => candidate.mode === "crop")) {
      const { rect } = coverCrop(seen, target, plan.focus, plan.zoom);
      const likeness = psnr(await sent(path, target, plan), lanczos(seen, rect, target));
      assert.ok(
        likeness >= SAME,
        `${name} to ${target.width}x${target.height}, ${JSON.stringify(plan)}: ${likeness} dB`,
      );
    }
  }
}

const px = (width: number, height: number): Size => ({ width, height });

for (const [name, size, targets] of [
  ["landscape, reduced", px(1900, 1100), [px(480, 720)]],
  ["landscape, enlarged", px(610, 333), [px(1280, 720)]],
  ["portrait", px(900, 1610), [px(720, 480)]],
  ["square", px(1000, 1000), [px(480, 480)]],
  ["as large as the frame", px(1024, 576), [px(1024, 576)]],
] as const) {
  test(`${name}: what is sent is the announced rectangle`, async () => {
    const canvas = scene(size);
    const path = await save(`exact-${size.width}x${size.height}.png`, image(canvas).pngsaveBuffer());
    await compare(name, path, canvas, targets);
  });
}

test("turned by EXIF: what is sent is the announced rectangle of the upright picture", async () => {
  const stored = scene(px(1200, 800));
  const turned = image(stored).copy();
  turned.setInt("orientation", 6);
  const path = await save("exact-turned.png", turned.pngsaveBuffer());
  // Orientation 6: the stored picture is turned a quarter clockwise to be seen.
  const values = new Float64Array(stored.values.length);
  for (let y = 0; y < 1200; y++) {
    for (let x = 0; x < 800; x++) {
      const from = ((799 - x) * 1200 + y) * 3;
      values.set(stored.values.subarray(from, from + 3), (y * 800 + x) * 3);
    }
  }
  await compare("turned", path, { width: 800, height: 1200, bands: 3, values }, [px(720, 1280)]);
});

test("transparent: what is sent is the announced rectangle on white", async () => {
  const canvas = scene(px(1100, 900), 4);
  const path = await save("exact-alpha.png", image(canvas).pngsaveBuffer());
  const onWhite = mapped(canvas, 3, ([r = 0, g = 0, b = 0, alpha = 0]) =>
    [r, g, b].map((value) => (value * alpha + 255 * (255 - alpha)) / 255),
  );
  await compare("transparent", path, onWhite, [px(720, 480)]);
});

test("16 bits: what is sent is the announced rectangle in 8 bits", async () => {
  const canvas = scene(px(1300, 760));
  const deep = mapped(canvas, 3, (pixel) => pixel.map((value, i) => value * 257 + ((i * 37 + value) % 120)));
  const path = await save("exact-deep.png", image(deep, "ushort", "rgb16").pngsaveBuffer());
  await compare(
    "16 bits",
    path,
    mapped(deep, 3, (pixel) => pixel.map((value) => value / 257)),
    [px(480, 480)],
  );
});

test("Display P3: what is sent is the announced rectangle in sRGB", async () => {
  // Muted colours, which both spaces have: what lies outside sRGB is a matter of taste.
  const canvas = mapped(scene(px(1200, 900)), 3, (pixel) => pixel.map((value) => Math.round(70 + value * 0.4)));
  const profile = vips.Image.black(8, 8, { bands: 3 })
    .copy({ interpretation: "srgb" })
    .iccTransform("p3", { input_profile: "srgb", depth: 8 });
  const tagged = image(canvas).copy();
  tagged.setBlob("icc-profile-data", Uint8Array.from(profile.getBlob("icc-profile-data")));
  const path = await save("exact-p3.png", tagged.pngsaveBuffer());
  assert.notEqual((await conformer.inspect({ path })).iccName, undefined);
  await compare("P3", path, mapped(canvas, 3, fromDisplayP3), [px(720, 480)]);
});

/** By definition (CSS Color 4, section 10.9): both have the curve of sRGB and its white; the primaries differ. */
function fromDisplayP3(pixel: readonly number[]): number[] {
  const [r = 0, g = 0, b = 0] = pixel.map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return [
    1.2249401762805587 * r - 0.22494017628055996 * g,
    -0.042056954709688163 * r + 1.0420569547096881 * g,
    -0.019637554590334432 * r - 0.078636045550631889 * g + 1.0982736001409663 * b,
  ].map((linear) => 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
}

test("shown whole on a colour: the picture stands where it is announced, and the rest is that colour", async () => {
  for (const size of [px(1300, 900), px(400, 900), px(333, 333)]) {
    const canvas = scene(size);
    const path = await save(`fit-${size.width}.png`, image(canvas).pngsaveBuffer());
    for (const target of [px(1280, 720), px(540, 960), px(480, 480)]) {
      const { box } = fitBox(size, target);
      const pixels = await sent(path, target, { mode: "fit", fill: { kind: "color", color: "#0a64ff" } });
      const inner = lanczos(canvas, { left: 0, top: 0, ...size }, px(box.width, box.height));
      const inside = (x: number, y: number) =>
        x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
      const values = new Float64Array(target.width * target.height * 3);
      for (let y = 0; y < target.height; y++) {
        for (let x = 0; x < target.width; x++) {
          const from = ((y - box.top) * box.width + x - box.left) * 3;
          values.set(inside(x, y) ? inner.values.subarray(from, from + 3) : [10, 100, 255], (y * target.width + x) * 3);
        }
      }
      const exact = { ...target, bands: 3, values };
      const about = `${size.width}x${size.height} in ${target.width}x${target.height}`;
      assert.ok(psnr(pixels, exact, inside) >= SAME, about);
      const outside = psnr(pixels, exact, (x, y) => !inside(x, y));
      assert.ok(Number.isNaN(outside) || outside === Number.POSITIVE_INFINITY, `${about}: the colour`);
    }
  }
});

test("shown whole on its own blur: the picture stands where it is announced, before a soft copy of it", async () => {
  const size = px(500, 700);
  const canvas = scene(size);
  const path = await save("fit-blur.png", image(canvas).pngsaveBuffer());
  const target = px(720, 480);
  const { box } = fitBox(size, target);
  const pixels = await sent(path, target, { mode: "fit", fill: { kind: "blur" } });
  const inner = lanczos(canvas, { left: 0, top: 0, ...size }, px(box.width, box.height));
  const cut = inner.values.map((_, i) => {
    const [x, y] = [Math.floor(i / 3) % box.width, Math.floor(i / 3 / box.width)];
    return pixels[((y + box.top) * target.width + x + box.left) * 3 + (i % 3)] ?? 0;
  });
  assert.ok(psnr(cut, inner) >= SAME);

  const cover = lanczos(canvas, coverCrop(size, target).rect, target);
  const soft = blurred(cover, 720 / 40);
  const beside = (x: number) => x < box.left || x >= box.left + box.width;
  const likeness = psnr(pixels, soft, (x) => beside(x));
  assert.ok(likeness >= 40, `the blur: ${likeness} dB`);
});

/** A Gaussian by its definition; beyond the edges the outermost pixels go on. */
function blurred({ width, height, bands, values }: Canvas, sigma: number): Canvas {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (from: Float64Array, length: number, place: (line: number, at: number) => number, lines: number) => {
    const out = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < length; at++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += (weights[i] ?? 0) * (from[place(line, Math.min(length - 1, Math.max(0, at + i - reach)))] ?? 0);
        }
        out[place(line, at)] = sum / total;
      }
    }
    return out;
  };
  const rows = along(
    values,
    width,
    (line, at) => (Math.floor(line / bands) * width + at) * bands + (line % bands),
    height * bands,
  );
  const both = along(
    rows,
    height,
    (line, at) => (at * width + Math.floor(line / bands)) * bands + (line % bands),
    width * bands,
  );
  return { width, height, bands, values: both };
}
