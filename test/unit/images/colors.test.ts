import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { ImageError } from "../../../src/images/errors.ts";
import { conformer, type Decoded, decode, MIDDLE, plain, save, vips } from "./pictures.ts";
import { tiff } from "./tiff.ts";

// What the numbers of a file mean as colors: as people see it in the editor, or with a word about what was assumed.

function near(actual: readonly number[], expected: readonly number[], tolerance: number, about: string): void {
  const off = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN))));
  assert.ok(actual.length === expected.length && off <= tolerance, `${about}: [${actual}] is not about [${expected}]`);
}

/** The picture in its own size and enlarged to twice that. */
async function both(path: string): Promise<{ own: Decoded; twice: Decoded }> {
  const { width, height } = await conformer.inspect({ path });
  const made = async (factor: number) => {
    const target = { width: width * factor, height: height * factor };
    return decode((await conformer.conform({ source: { path }, target, plan: MIDDLE })).png);
  };
  return { own: await made(1), twice: await made(2) };
}

/** What had to be assumed of a picture's colors. */
async function assumedOf(path: string): Promise<string | undefined> {
  return (await conformer.thumbnail({ source: { path }, maxEdge: 16 })).source.assumed;
}

/** Checks a ramp from black to white over 64 columns, at both sizes. */
async function showsRamp(path: string, about: string): Promise<void> {
  const { own, twice } = await both(path);
  for (const x of [0, 9, 31, 50, 63]) {
    const gray = (x * 255) / 63;
    near(own.at(x, 5), [gray, gray, gray], 1, `${about}, column ${x}`);
    if (x > 2 && x < 61) {
      near(twice.at(2 * x, 10), [gray - 1, gray - 1, gray - 1], 2, `${about}, enlarged, column ${x}`);
    }
  }
}

const ramp = vips.Image.xyz(64, 16).extractBand(0);

for (const [format, least, most] of [
  ["char", -100, 110],
  ["short", -20_000, 30_000],
  ["int", 0, 65_535],
  ["int", -7_000_000, 90_000],
  ["uint", 0, 4_294_967_295],
  ["uint", 0, 255],
  ["float", 0, 1],
  ["float", -3.5, 812.25],
] as const) {
  for (const bands of format === "float" ? [1] : [1, 3]) {
    test(`${bands} bands of ${format} from ${least} to ${most} go from black to white, alike at every size`, async () => {
      const values = ramp.linear(Array(bands).fill((most - least) / 63), Array(bands).fill(least)).cast(format);
      const known = values.copy({ interpretation: bands === 1 ? "b-w" : "srgb" });
      const path = await save(`ramp-${format}-${bands}-${most}.tif`, known.tiffsaveBuffer());
      assert.equal(await assumedOf(path), "range");
      await showsRamp(path, path);
      const small = decode((await conformer.thumbnail({ source: { path }, maxEdge: 64 })).webp);
      near(small.at(1, 8), [4, 4, 4], 8, "the thumbnail's left");
      near(small.at(62, 8), [251, 251, 251], 8, "the thumbnail's right");
    });
  }
}

test("what is no number is black, and what is infinite as white as the rest gets", async () => {
  const row = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2, 3, 4];
  const pixels = new Uint8Array(Float32Array.from([...row, ...row]).buffer);
  const path = await save("depth.tif", tiff({ width: 6, height: 2, bits: 32, sampleFormat: 3, pixels }));
  const { own } = await both(path);
  assert.deepEqual(
    row.map((_, x) => own.at(x, 0)[0]),
    [0, 255, 0, 0, 128, 255],
  );
});

test("light in three bands of float is light still", async () => {
  const light = plain({ width: 32, height: 32 }, [0, 0, 0]).linear([1, 1, 1], [0.5, 0.25, 1]).cast("float");
  const path = await save("light.tif", light.copy({ interpretation: "scrgb" }).tiffsaveBuffer());
  assert.equal(await assumedOf(path), undefined);
  near((await both(path)).own.at(9, 9), [188, 137, 255], 1, "scRGB");
});

test("numbers that cannot be made into colors are of a kind that is not read", async () => {
  const two = vips.Image.black(16, 16, { bands: 2 }).cast("float").copy({ interpretation: "b-w" });
  const files = {
    "two bands of float": two.tiffsaveBuffer(),
    "64 bits": tiff({ width: 4, height: 4, bits: 64, sampleFormat: 3, pixels: new Uint8Array(128) }),
    "12 bits": tiff({ width: 4, height: 4, bits: 12, pixels: new Uint8Array(24) }),
    "Lab colors": tiff({ width: 4, height: 4, bits: 8, samples: 3, photometric: 8, pixels: new Uint8Array(48) }),
    "a coding that is not built in": tiff({
      width: 4,
      height: 4,
      bits: 8,
      compression: 34_925,
      pixels: new Uint8Array(16),
    }),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = await save(`odd-${name}.tif`, bytes);
    await assert.rejects(
      conformer.conform({ source: { path }, target: { width: 48, height: 48 }, plan: MIDDLE }),
      (error) => error instanceof ImageError && error.code === "unsupported",
      name,
    );
  }
});

/** Puts a chunk in front of a PNG's pixels. */
function withChunk(png: Uint8Array, type: string, data: readonly number[]): Buffer {
  const bytes = Buffer.from(png);
  const body = Buffer.concat([Buffer.from(type, "latin1"), Buffer.from(data)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([bytes.subarray(0, 33), chunk, bytes.subarray(33)]);
}

const words = (...numbers: number[]) =>
  numbers.flatMap((n) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);

const bare = (color: readonly number[], options = {}) =>
  plain({ width: 24, height: 24 }, color).pngsaveBuffer({ keep: "none", ...options });

async function shown(name: string, bytes: Uint8Array): Promise<number[]> {
  const { own, twice } = await both(await save(name, bytes));
  near(twice.at(25, 25), own.at(12, 12), 1, `${name}, enlarged`);
  return own.at(12, 12);
}

test("a PNG's gamma counts, for colors, gray, 16 bits and beside transparency", async () => {
  // 188 of 255 at the gamma of 1.6 is 0.614 of the light, which sRGB writes as 206.
  const gamma = words(62_500);
  near(await shown("gamma.png", withChunk(bare([255, 188, 0]), "gAMA", gamma)), [255, 206, 0], 1, "colors");
  const gray = plain({ width: 24, height: 24 }, [188]).copy({ interpretation: "b-w" }).pngsaveBuffer({ keep: "none" });
  near(await shown("gamma-gray.png", withChunk(gray, "gAMA", gamma)), [206, 206, 206], 1, "gray");
  const deep = plain({ width: 24, height: 24 }, [0, 0, 0]).linear([1, 1, 1], [65_535, 188 * 257, 0]);
  const deepPng = deep.cast("ushort").copy({ interpretation: "rgb16" }).pngsaveBuffer({ keep: "none" });
  near(await shown("gamma-deep.png", withChunk(deepPng, "gAMA", gamma)), [255, 206, 0], 1, "16 bits");
  const half = await shown("gamma-alpha.png", withChunk(bare([188, 188, 188, 128]), "gAMA", gamma));
  near(half, [230, 230, 230], 1, "half transparent, on white");
});

test("a PNG's gamma does not count where it is the usual one or a better word is there", async () => {
  const color = [255, 188, 20];
  assert.deepEqual(await shown("usual.png", withChunk(bare(color), "gAMA", words(45_455))), color);
  const both = withChunk(withChunk(bare(color), "gAMA", words(62_500)), "sRGB", [0]);
  assert.deepEqual(await shown("both.png", both), color);
});

test("a PNG's chromaticities count: the red of Display P3 is more than that of sRGB", async () => {
  const p3 = words(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
  const png = withChunk(withChunk(bare([234, 51, 35]), "cHRM", p3), "gAMA", words(45_455));
  near(await shown("p3-numbers.png", png), [255, 0, 0], 6, "red of sRGB in P3");
  near(
    await shown("p3-white.png", withChunk(withChunk(bare([255, 255, 255]), "cHRM", p3), "gAMA", words(45_455))),
    [255, 255, 255],
    0,
    "white",
  );
});

test("HDR is brought to sRGB and said to be: white of graphics is white, and what is brighter too", async () => {
  // ITU-R BT.2408: the white of graphics is 58 % of PQ and 75 % of HLG.
  for (const [name, transfer, white] of [
    ["pq", 16, 148],
    ["hlg", 18, 191],
  ] as const) {
    const png = (...color: number[]) => withChunk(bare(color), "cICP", [9, transfer, 0, 1]);
    near(await shown(`${name}-white.png`, png(white, white, white)), [255, 255, 255], 3, `${name}: white`);
    near(await shown(`${name}-bright.png`, png(220, 220, 220)), [255, 255, 255], 0, `${name}: brighter`);
    const [gray = 0] = await shown(`${name}-gray.png`, png(white / 2, white / 2, white / 2));
    assert.ok(gray > 40 && gray < 170, `${name}: half of white is ${gray}`);
    const path = await save(`${name}-told.png`, png(1, 2, 3));
    assert.equal(await assumedOf(path), "hdr");
  }
});

test("an AVIF's own words for HDR are read", async () => {
  const avif = Buffer.from(
    plain({ width: 24, height: 24 }, [148, 148, 148]).heifsaveBuffer({
      compression: "av1",
      lossless: true,
      keep: "none",
    }),
  );
  const codes = avif.indexOf("nclx", "latin1");
  assert.ok(codes > 0);
  assert.deepEqual(await shown("plain.avif", avif), [148, 148, 148]);
  avif.writeUInt16BE(16, codes + 6);
  near(await shown("pq.avif", avif), [255, 255, 255], 3, "the white of graphics");
  assert.equal(await assumedOf(await save("pq-told.avif", avif)), "hdr");
});

test("gray of limited range in an AVIF goes from black to white as well", async () => {
  // 64 x 16 pixels, the left half black, the right half white, as libavif writes them with a limited range.
  const limited =
    "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOltZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ0AAAAcAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGhpcHJwAAAASWlwY28AAAAUaXNwZQAAAAAAAABAAAAAEAAAAA5waXhpAAAAAAEIAAAADGF2MUOBABwAAAAAE2NvbHJuY2x4AAEADQAGAAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAJG1kYXQSAAoIGBT/9lgIaDEyDhAAoNP2W7OdWfJ3YDuw";
  const path = await save("limited.avif", Buffer.from(limited, "base64"));
  const { own } = await both(path);
  near(own.at(10, 8), [0, 0, 0], 1, "black");
  near(own.at(50, 8), [255, 255, 255], 1, "white");
});

test("what the first frame of a GIF leaves free is white, as all that is transparent", async () => {
  const gif = (left: number, top: number, width: number, height: number) =>
    Buffer.concat([
      Buffer.from("GIF89a\x08\0\x08\0\x80\0\0", "latin1"),
      Buffer.from([200, 0, 0, 0, 0, 0]),
      Buffer.from([0x21, 0xfe, 2, 0x68, 0x69, 0]),
      Buffer.from([0x2c, left, 0, top, 0, width, 0, height, 0, 0]),
      // Clear, then color 0 before the code grows, cleared each time: codes of 3 bits, the lowest first.
      lzw(width * height),
      Buffer.from([0x3b]),
    ]);
  const at = async (name: string, bytes: Buffer) => {
    const path = await save(name, bytes);
    return decode((await conformer.conform({ source: { path }, target: { width: 8, height: 8 }, plan: MIDDLE })).png);
  };
  const part = await at("part.gif", gif(2, 3, 4, 2));
  for (const [x, y, color] of [
    [0, 0, [255, 255, 255]],
    [2, 3, [200, 0, 0]],
    [5, 4, [200, 0, 0]],
    [6, 4, [255, 255, 255]],
    [2, 5, [255, 255, 255]],
  ] as const) {
    assert.deepEqual(part.at(x, y), color, `${x},${y}`);
  }
  assert.deepEqual((await at("whole.gif", gif(0, 0, 8, 8))).at(7, 7), [200, 0, 0]);
  const beyond = await at("beyond.gif", gif(6, 6, 4, 4));
  assert.deepEqual(
    [beyond.at(7, 7), beyond.at(1, 6)],
    [
      [200, 0, 0],
      [255, 255, 255],
    ],
  );
});

/** Pixels of color 0 as a GIF has them, in codes of 3 bits that never grow. */
function lzw(pixels: number): Buffer {
  const codes = [];
  for (let i = 0; i < pixels; i++) {
    codes.push(...(i % 2 === 0 ? [4, 0] : [0]));
  }
  codes.push(5);
  const bytes: number[] = [];
  for (const [i, code] of codes.entries()) {
    for (let bit = 0; bit < 3; bit++) {
      const at = i * 3 + bit;
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (((code >> bit) & 1) << (at & 7));
    }
  }
  return Buffer.from([2, bytes.length, ...bytes, 0]);
}
