import assert from "node:assert/strict";
import { test } from "node:test";
import type Vips from "wasm-vips";
import { coverCrop, fitBox } from "../../../src/shared/model/crop.ts";
import type { CropPlan } from "../../../src/shared/model/plan.ts";
import type { Size } from "../../../src/shared/model/size.ts";
import { conformer, MIDDLE, save, vips } from "./pictures.ts";
import { blurred, type Canvas, lanczos, mapped, psnr, scene } from "./render.ts";

// What the image thread makes, against a render of the announced rectangle that shares no code with it.

/** Enough for two renders to be the same picture; rounding alone takes it from infinity to about 55 dB. */
const SAME = 45;
/** Of pictures that nothing is done to but to scale them. Any other kernel than Lanczos comes to 54 dB at best. */
const SAME_KERNEL = 55;

function image(
  canvas: Canvas,
  format: "uchar" | "ushort" = "uchar",
  interpretation: "srgb" | "rgb16" = "srgb",
): Vips.Image {
  const { width, height, bands, values } = canvas;
  const pixels = format === "uchar" ? new Uint8Array(values) : new Uint16Array(values);
  return vips.Image.newFromMemory(pixels, width, height, bands, vips.BandFormat[format]).copy({ interpretation });
}

async function sent(path: string, target: Size, plan: CropPlan): Promise<Uint8Array> {
  const { png } = await conformer.conform({ source: { path }, target, plan });
  const decoded = vips.Image.newFromBuffer(png);
  assert.deepEqual([decoded.width, decoded.height, decoded.bands], [target.width, target.height, 3]);
  return new Uint8Array(decoded.writeToMemory());
}

const plans: readonly CropPlan[] = [
  MIDDLE,
  { mode: "crop", focus: { x: 0.1, y: 0.85 }, zoom: 1 },
  { mode: "crop", focus: { x: 0.62, y: 0.4 }, zoom: 1.7 },
  { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 4 },
];

/** Compares all plans at all of these sizes. `seen` is the picture upright, opaque, in sRGB. */
async function compare(
  name: string,
  path: string,
  seen: Canvas,
  sizes: readonly Size[],
  atLeast = SAME,
): Promise<void> {
  for (const target of sizes) {
    for (const plan of plans.filter((candidate) => candidate.mode === "crop")) {
      const { rect } = coverCrop(seen, target, plan.focus, plan.zoom);
      const likeness = psnr(await sent(path, target, plan), lanczos(seen, rect, target));
      assert.ok(
        likeness >= atLeast,
        `${name} to ${target.width}x${target.height}, ${JSON.stringify(plan)}: ${likeness} dB`,
      );
    }
  }
}

const px = (width: number, height: number): Size => ({ width, height });

for (const [name, size, targets] of [
  ["landscape, reduced", px(1200, 800), [px(480, 480)]],
  ["landscape, enlarged", px(610, 333), [px(1280, 720)]],
  ["portrait", px(700, 1240), [px(480, 720)]],
  ["square", px(900, 900), [px(480, 480)]],
  ["as large as the frame", px(720, 480), [px(720, 480)]],
] as const) {
  test(`${name}: what is sent is the announced rectangle`, async () => {
    const canvas = scene(size);
    const path = await save(`exact-${size.width}x${size.height}.png`, image(canvas).pngsaveBuffer({ compression: 1 }));
    await compare(name, path, canvas, targets, SAME_KERNEL);
  });
}

test("turned by EXIF: what is sent is the announced rectangle of the upright picture", async () => {
  const stored = scene(px(600, 400));
  const turned = image(stored).copy();
  turned.setInt("orientation", 6);
  const path = await save("exact-turned.png", turned.pngsaveBuffer({ compression: 1 }));
  // Orientation 6: the stored picture is turned a quarter clockwise to be seen.
  const values = new Float64Array(stored.values.length);
  for (let y = 0; y < 600; y++) {
    for (let x = 0; x < 400; x++) {
      const from = ((399 - x) * 600 + y) * 3;
      values.set(stored.values.subarray(from, from + 3), (y * 400 + x) * 3);
    }
  }
  await compare("turned", path, { width: 400, height: 600, bands: 3, values }, [px(240, 360)]);
});

test("transparent: what is sent is the announced rectangle on white", async () => {
  const canvas = scene(px(550, 450), 4);
  const path = await save("exact-alpha.png", image(canvas).pngsaveBuffer({ compression: 1 }));
  const onWhite = mapped(canvas, 3, ([r = 0, g = 0, b = 0, alpha = 0]) =>
    [r, g, b].map((value) => (value * alpha + 255 * (255 - alpha)) / 255),
  );
  await compare("transparent", path, onWhite, [px(360, 240)]);
});

test("16 bits: what is sent is the announced rectangle in 8 bits", async () => {
  const canvas = scene(px(650, 380));
  const deep = mapped(canvas, 3, (pixel) => pixel.map((value, i) => value * 257 + ((i * 37 + value) % 120)));
  const path = await save("exact-deep.png", image(deep, "ushort", "rgb16").pngsaveBuffer({ compression: 1 }));
  await compare(
    "16 bits",
    path,
    mapped(deep, 3, (pixel) => pixel.map((value) => value / 257)),
    [px(240, 240)],
  );
});

test("Display P3: what is sent is the announced rectangle in sRGB", async () => {
  // Muted colors, which both spaces have: what lies outside sRGB is a matter of taste.
  const canvas = mapped(scene(px(600, 450)), 3, (pixel) => pixel.map((value) => Math.round(70 + value * 0.4)));
  const profile = vips.Image.black(8, 8, { bands: 3 })
    .copy({ interpretation: "srgb" })
    .iccTransform("p3", { input_profile: "srgb", depth: 8 });
  const tagged = image(canvas).copy();
  tagged.setBlob("icc-profile-data", Uint8Array.from(profile.getBlob("icc-profile-data")));
  const path = await save("exact-p3.png", tagged.pngsaveBuffer({ compression: 1 }));
  using kept = vips.Image.newFromFile(path);
  assert.ok(kept.getTypeof("icc-profile-data") !== 0, "the test's own picture");
  await compare("P3", path, mapped(canvas, 3, fromDisplayP3), [px(360, 240)]);
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

test("shown whole on a color: the picture stands where it is announced, and the rest is that color", async () => {
  for (const size of [px(850, 600), px(400, 900), px(333, 333)]) {
    const canvas = scene(size);
    const path = await save(`fit-${size.width}.png`, image(canvas).pngsaveBuffer({ compression: 1 }));
    for (const target of [px(720, 480), px(480, 720), px(480, 480)]) {
      const { box } = fitBox(size, target);
      const pixels = await sent(path, target, { mode: "fit", fill: { kind: "color", color: "#0a64ff" } });
      const inner = lanczos(canvas, { left: 0, top: 0, ...size }, px(box.width, box.height));
      const inside = (x: number, y: number) =>
        x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
      const values = new Float64Array(target.width * target.height * 3);
      for (let at = 0; at < values.length; at += 3) {
        values.set([10, 100, 255], at);
      }
      for (let y = 0; y < box.height; y++) {
        const row = inner.values.subarray(y * box.width * 3, (y + 1) * box.width * 3);
        values.set(row, ((y + box.top) * target.width + box.left) * 3);
      }
      const exact = { ...target, bands: 3, values };
      const about = `${size.width}x${size.height} in ${target.width}x${target.height}`;
      assert.ok(psnr(pixels, exact, inside) >= SAME, about);
      const outside = psnr(pixels, exact, (x, y) => !inside(x, y));
      assert.ok(Number.isNaN(outside) || outside === Number.POSITIVE_INFINITY, `${about}: the color`);
    }
  }
});

/** A picture of a size, shown whole on its own blur: it, its place in the target, and what is sent. */
async function onItsBlur(size: Size, target: Size) {
  const canvas = scene(size);
  const path = await save(`blur-${size.width}.png`, image(canvas).pngsaveBuffer({ compression: 1 }));
  const pixels = await sent(path, target, { mode: "fit", fill: { kind: "blur" } });
  return { canvas, box: fitBox(size, target).box, pixels };
}

test("shown whole on its own blur: the picture stands where it is announced, before a soft copy of it", async () => {
  const [size, target] = [px(500, 700), px(720, 480)];
  const { canvas, box, pixels } = await onItsBlur(size, target);
  const inner = lanczos(canvas, { left: 0, top: 0, ...size }, px(box.width, box.height));
  const cut = new Uint8Array(inner.values.length);
  for (let y = 0; y < box.height; y++) {
    const from = ((y + box.top) * target.width + box.left) * 3;
    cut.set(pixels.subarray(from, from + box.width * 3), y * box.width * 3);
  }
  assert.ok(psnr(cut, inner) >= SAME);

  const cover = lanczos(canvas, coverCrop(size, target).rect, target);
  const soft = blurred(cover, 720 / 40);
  const beside = (x: number) => x < box.left || x >= box.left + box.width;
  const likeness = psnr(pixels, soft, (x) => beside(x));
  assert.ok(likeness >= 40, `the blur: ${likeness} dB`);
});

test("a very long picture has its own blur as well", async () => {
  const [size, target] = [px(2000, 60), px(480, 480)];
  const { canvas, box, pixels } = await onItsBlur(size, target);
  const soft = blurred(lanczos(canvas, coverCrop(size, target).rect, target), 480 / 40);
  const likeness = psnr(pixels, soft, (_, y) => y < box.top || y >= box.top + box.height);
  assert.ok(likeness >= 38, `the blur: ${likeness} dB`);
});

/** A picture that is too large as PNG: noise, which no PNG makes smaller, over a scene. */
function noisy(): Canvas {
  const { values, ...size } = scene(px(640, 360));
  return { ...size, values: values.map((value, index) => value - ((index * 2_654_435_761) % 6)) };
}

test("too large as a PNG: what is sent is a JPEG of the best quality that fits, or nothing", async () => {
  const canvas = noisy();
  const png = new Uint8Array(image(canvas).pngsaveBuffer());
  const compressed = async (maxBytes: number) => {
    const made = await conformer.compress({ source: { bytes: png }, maxBytes });
    if (made === undefined) {
      return undefined;
    }
    assert.equal(made.mime, "image/jpeg");
    assert.deepEqual([...made.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    const decoded = vips.Image.newFromBuffer(made.bytes);
    assert.deepEqual([decoded.width, decoded.height, decoded.bands], [640, 360, 3]);
    return { bytes: made.bytes.byteLength, likeness: psnr(new Uint8Array(decoded.writeToMemory()), canvas) };
  };
  const best = await compressed(png.byteLength);
  assert.ok(best !== undefined && best.bytes < png.byteLength && best.likeness > 40, JSON.stringify(best));
  const smaller = await compressed(best.bytes - 1);
  assert.ok(smaller !== undefined && smaller.bytes < best.bytes && smaller.likeness < best.likeness);
  assert.deepEqual(await compressed(best.bytes), best);
  assert.equal(await compressed(2000), undefined);
});
