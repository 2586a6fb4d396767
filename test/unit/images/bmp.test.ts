import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBmp, readBmpSize } from "../../../src/images/bmp.ts";
import { ImageError, type ImageErrorCode } from "../../../src/images/errors.ts";
import { type BmpOptions, bmp } from "./bitmap.ts";

const pixelsOf = (options: BmpOptions) => [...decodeBmp(bmp(options)).pixels];

const RGB = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
] as const;

test("24 bits, rows from the bottom and from the top", () => {
  const rows = [
    [1, 2, 3, 4, 5, 6, 0, 0],
    [7, 8, 9, 10, 11, 12, 0, 0],
  ];
  assert.deepEqual(pixelsOf({ width: 2, height: 2, bits: 24, rows }), [9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4]);
  assert.deepEqual(pixelsOf({ width: 2, height: -2, bits: 24, rows }), [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
});

test("palettes of 1, 4 and 8 bits, with odd widths and indices past the palette", () => {
  const colors = (...indices: number[]) => indices.flatMap((i) => [...(RGB[i] ?? [0, 0, 0])]);
  assert.deepEqual(pixelsOf({ width: 3, height: 1, bits: 8, palette: RGB, rows: [[2, 0, 1, 0]] }), colors(2, 0, 1));
  assert.deepEqual(
    pixelsOf({
      width: 3,
      height: 2,
      bits: 4,
      palette: RGB,
      rows: [
        [0x21, 0x00, 0, 0],
        [0x10, 0x90, 0, 0],
      ],
    }),
    colors(1, 0, 9, 2, 1, 0),
  );
  assert.deepEqual(
    pixelsOf({ width: 9, height: 1, bits: 1, palette: [RGB[0], RGB[1]], rows: [[0b10100000, 0b10000000, 0, 0]] }),
    colors(1, 0, 1, 0, 0, 0, 0, 0, 1),
  );
});

test("16 bits, by default 5-5-5 and with masks 5-6-5", () => {
  assert.deepEqual(
    pixelsOf({ width: 2, height: 1, bits: 16, rows: [[0x00, 0x7c, 0xe0, 0x03]] }),
    [255, 0, 0, 0, 255, 0],
  );
  const masks = [0xf800, 0x07e0, 0x001f];
  const rows = [[0xe0, 0x07, 0x10, 0x80]];
  assert.deepEqual(pixelsOf({ width: 2, height: 1, bits: 16, compression: 3, masks, rows }), [0, 255, 0, 132, 0, 132]);
});

test("32 bits: the spare byte is ignored, a mask for alpha is honoured", () => {
  const rows = [[10, 20, 30, 40]];
  const opaque = decodeBmp(bmp({ width: 1, height: 1, bits: 32, rows }));
  assert.deepEqual([opaque.bands, ...opaque.pixels], [3, 30, 20, 10]);
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  const clear = decodeBmp(bmp({ width: 1, height: 1, bits: 32, compression: 3, headerBytes: 108, masks, rows }));
  assert.deepEqual([clear.bands, ...clear.pixels], [4, 30, 20, 10, 40]);
});

test("what cannot be decoded is refused", () => {
  const code = (bytes: Uint8Array): ImageErrorCode => {
    try {
      decodeBmp(bytes);
    } catch (error) {
      assert.ok(error instanceof ImageError);
      return error.code;
    }
    assert.fail("nothing was refused");
  };
  const good = { width: 2, height: 1, bits: 24, rows: [[1, 2, 3, 4, 5, 6, 0, 0]] };
  assert.equal(code(bmp(good).subarray(0, -3)), "unreadable");
  assert.equal(code(bmp(good).subarray(0, 30)), "unreadable");
  assert.equal(code(bmp({ ...good, width: 0 })), "unreadable");
  assert.equal(code(bmp({ ...good, bits: 8, compression: 1 })), "unsupported");
  assert.equal(code(bmp({ ...good, bits: 7 })), "unsupported");
  assert.equal(code(bmp({ ...good, width: 60_000, height: 60_000 })), "tooLarge");
  assert.deepEqual(readBmpSize(bmp(good)), { width: 2, height: 1 });
});

test("the profile of a bitmap of version 5 is found, and none where its place is beyond the file", () => {
  const masks = [0xff0000, 0xff00, 0xff, 0];
  const made = bmp({ width: 1, height: 1, bits: 32, compression: 3, headerBytes: 124, masks, rows: [[10, 20, 30, 0]] });
  const profile = Buffer.from("a profile of its own");
  made.writeUInt32LE(0x4d424544, 70);
  made.writeUInt32LE(made.length - 14, 126);
  made.writeUInt32LE(profile.length, 130);
  const decoded = decodeBmp(Buffer.concat([made, profile]));
  assert.deepEqual(Buffer.from(decoded.profile ?? []), profile);
  assert.deepEqual([...decoded.pixels], [30, 20, 10]);
  assert.equal(decodeBmp(made).profile, undefined);
});

test("64 megapixels of a palette are decoded in a moment", () => {
  const { length } = bmp({ width: 8000, height: 8000, bits: 1, palette: [RGB[0], RGB[1]], rows: [] });
  const large = Buffer.alloc(length + 8_000_000, 0b01010101);
  bmp({ width: 8000, height: 8000, bits: 1, palette: [RGB[0], RGB[1]], rows: [] }).copy(large);
  const began = process.cpuUsage();
  const { pixels } = decodeBmp(large);
  const seconds = process.cpuUsage(began).user / 1_000_000;
  assert.deepEqual([...pixels.subarray(-6)], [255, 0, 0, 0, 255, 0]);
  // One view and one copy for each pixel took 14 s where this takes half of one.
  assert.ok(seconds < 4, `${seconds} s`);
});
