import assert from "node:assert/strict";
import { it } from "node:test";
import { conformer, vips } from "./pictures.ts";
import { psnr, scene } from "./render.ts";

// A picture that is too large as PNG: noise, which no PNG makes smaller, over a scene.

const size = { width: 640, height: 360 };
const canvas = scene(size);
const pixels = Uint8Array.from(canvas.values, (value, index) => value + ((index * 2_654_435_761) % 7));
const exact = { ...canvas, values: Float64Array.from(pixels) };
const png = Uint8Array.from(
  vips.Image.newFromMemory(pixels, size.width, size.height, 3, vips.BandFormat.uchar)
    .copy({ interpretation: "srgb" })
    .pngsaveBuffer(),
);

async function compressed(maxBytes: number) {
  const made = await conformer.compress({ source: { bytes: png }, maxBytes });
  if (made === undefined) {
    return undefined;
  }
  assert.equal(made.mime, "image/jpeg");
  assert.deepEqual([...made.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  const decoded = vips.Image.newFromBuffer(made.bytes);
  assert.deepEqual([decoded.width, decoded.height, decoded.bands], [size.width, size.height, 3]);
  return { bytes: made.bytes.byteLength, likeness: psnr(Uint8Array.from(decoded.writeToMemory()), exact) };
}

it("is a JPEG of the best quality that fits", async () => {
  const best = await compressed(png.byteLength);
  assert.ok(best !== undefined && best.bytes < png.byteLength && best.likeness > 40, JSON.stringify(best));
  const smaller = await compressed(best.bytes - 1);
  assert.ok(smaller !== undefined && smaller.bytes < best.bytes && smaller.likeness < best.likeness);
  assert.deepEqual(await compressed(best.bytes), best);
});

it("is nothing where no quality worth sending fits", async () => {
  assert.equal(await compressed(2000), undefined);
});
