import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBmp, readBmpHeader } from "../../../src/images/bmp.ts";
import { ImageError, type ImageErrorCode } from "../../../src/images/errors.ts";
import { conformer, decode, MIDDLE, save } from "./pictures.ts";

interface BmpOptions {
  width: number;
  /** Negative: the first row is the top one. */
  height: number;
  bits: number;
  /** Rows as stored, each already padded to four bytes. */
  rows: readonly (readonly number[])[];
  compression?: number;
  headerBytes?: number;
  masks?: readonly number[];
  palette?: readonly (readonly [number, number, number])[];
}

function bmp({
  width,
  height,
  bits,
  rows,
  compression = 0,
  headerBytes = 40,
  masks = [],
  palette = [],
}: BmpOptions): Buffer {
  const header = Buffer.alloc(Math.max(14 + headerBytes, 54 + masks.length * 4));
  header.write("BM", "latin1");
  header.writeUInt32LE(headerBytes, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(palette.length, 46);
  for (const [i, mask] of masks.entries()) {
    header.writeUInt32LE(mask, 54 + i * 4);
  }
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => [b, g, r, 0]));
  const pixels = Buffer.from(rows.flat());
  header.writeUInt32LE(header.length + colours.length, 10);
  header.writeUInt32LE(header.length + colours.length + pixels.length, 2);
  return Buffer.concat([header, colours, pixels]);
}

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
  const colours = (...indices: number[]) => indices.flatMap((i) => [...(RGB[i] ?? [0, 0, 0])]);
  assert.deepEqual(pixelsOf({ width: 3, height: 1, bits: 8, palette: RGB, rows: [[2, 0, 1, 0]] }), colours(2, 0, 1));
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
    colours(1, 0, 9, 2, 1, 0),
  );
  assert.deepEqual(
    pixelsOf({ width: 9, height: 1, bits: 1, palette: [RGB[0], RGB[1]], rows: [[0b10100000, 0b10000000, 0, 0]] }),
    colours(1, 0, 1, 0, 0, 0, 0, 0, 1),
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
  assert.deepEqual([clear.bands, clear.hasAlpha, ...clear.pixels], [4, true, 30, 20, 10, 40]);
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
  assert.deepEqual(readBmpHeader(bmp(good)), { width: 2, height: 1, hasAlpha: false });
});

test("a bitmap is inspected, conformed and shown like any other picture", async () => {
  const row = (r: number, g: number, b: number) => Array.from({ length: 60 }, () => [b, g, r]).flat();
  const rows = Array.from({ length: 40 }, (_, y) => (y < 20 ? row(0, 0, 200) : row(200, 0, 0)));
  const path = await save("picture.bmp", bmp({ width: 60, height: 40, bits: 24, rows }));
  const { format, width, height, hasAlpha } = await conformer.inspect({ path });
  assert.deepEqual({ format, width, height, hasAlpha }, { format: "bmp", width: 60, height: 40, hasAlpha: false });
  const image = await conformer.conform({ source: { path }, target: { width: 480, height: 480 }, plan: MIDDLE });
  assert.deepEqual(decode(image.png).at(240, 20), [200, 0, 0]);
  assert.deepEqual(decode(image.png).at(240, 460), [0, 0, 200]);
  const small = await conformer.thumbnail({ source: { path }, maxEdge: 30 });
  assert.deepEqual([small.width, small.height], [30, 20]);
});
