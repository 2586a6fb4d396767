import assert from "node:assert/strict";
import { test } from "node:test";
import { ImageError } from "../../../src/images/errors.ts";
import { isOutOfMemory } from "../../../src/images/library.ts";
import type { CropPlan } from "../../../src/shared/model/plan.ts";
import { type Color, conformer, decode, MIDDLE, quarters, save, vips } from "./pictures.ts";

const COLORS: [Color, Color, Color, Color] = [
  [220, 30, 40],
  [30, 200, 60],
  [40, 60, 210],
  [190, 190, 180],
];

function near(actual: readonly number[], expected: readonly number[], about: string): void {
  assert.ok(
    actual.every((value, i) => Math.abs(value - (expected[i] ?? 0)) <= 8),
    `${about}: [${actual}] is not about [${expected}]`,
  );
}

test("a phone's picture of 48 megapixels is shown and framed in every way, in one thread", async () => {
  const picture = quarters({ width: 8000, height: 6000 }, COLORS);
  const path = await save("phone.jpg", picture.jpegsaveBuffer({ Q: 60 }));
  const [topLeft, topRight, bottomLeft, bottomRight] = COLORS;
  const target = { width: 1280, height: 720 };
  const plans: CropPlan[] = [
    { mode: "fit", fill: { kind: "blur" } },
    MIDDLE,
    { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 20 },
  ];
  for (const plan of plans) {
    const framed = decode((await conformer.conform({ source: { path }, target, plan })).png);
    const about = JSON.stringify(plan);
    near(framed.at(20, 100), topLeft, about);
    near(framed.at(1000, 100), topRight, about);
    near(framed.at(20, 620), bottomLeft, about);
    near(framed.at(1000, 620), bottomRight, about);
  }
  const small = await conformer.thumbnail({ source: { path }, maxEdge: 100 });
  assert.deepEqual([small.width, small.height], [100, 75]);
  near(decode(small.webp).at(5, 5), topLeft, "the thumbnail");
});

test("what the library has no memory for is known as such, whoever of it says so", () => {
  const enormous = vips.Image.black(16_000, 16_000, { bands: 12 });
  assert.throws(() => enormous.copyMemory(), isOutOfMemory);
  const buffer = () => new ArrayBuffer(2 ** 52);
  assert.throws(buffer, isOutOfMemory);
  assert.throws(
    () => vips.Image.newFromBuffer(new Uint8Array(9)),
    (error) => !isOutOfMemory(error),
  );
});

test("each kind has its bound, which is said with the size", async () => {
  // A WebP's header of 16 000 x 9000 pixels, which would take all of the memory, and nothing behind it.
  const webp = Buffer.alloc(64);
  webp.write("RIFF\x38\0\0\0WEBPVP8L\x2c\0\0\0\x2f", "latin1");
  webp.writeUInt32LE((16_000 - 1) | ((9000 - 1) << 14), 21);
  const bitmap = Buffer.alloc(70);
  bitmap.write("BM");
  bitmap.writeUInt32LE(40, 14);
  bitmap.writeInt32LE(16_000, 18);
  bitmap.writeInt32LE(9000, 22);
  bitmap.writeUInt16LE(1, 28);
  const avif = Buffer.from(vips.Image.black(16, 9, { bands: 3 }).heifsaveBuffer({ compression: "av1", bitdepth: 10 }));
  const extent = avif.indexOf("ispe", "latin1");
  avif.writeUInt32BE(9248, extent + 8);
  avif.writeUInt32BE(6936, extent + 12);
  for (const [name, bytes, claimed, most] of [
    ["claims.webp", webp, [16_000, 9000], 100_000_000],
    ["claims.bmp", bitmap, [16_000, 9000], 100_000_000],
    ["claims.avif", avif, [9248, 6936], 40_000_000],
  ] as const) {
    const error = await conformer
      .thumbnail({ source: { path: await save(name, bytes) }, maxEdge: 9 })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof ImageError, name);
    const { code, width, height, maxPixels } = error.facts;
    assert.deepEqual([code, width, height, maxPixels], ["tooLarge", ...claimed, most], `${name}: ${error}`);
  }
});
