import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import type { Size } from "../../../src/shared/model/size.ts";
import { bmp } from "./bitmap.ts";
import { type Color, conformer, decode, MIDDLE, plain, pngChunks, quarters, save, vips } from "./pictures.ts";

const RED: Color = [220, 30, 40];
const GREEN: Color = [30, 200, 60];
const BLUE: Color = [40, 60, 210];
const GREY: Color = [190, 190, 180];

function near(actual: readonly number[], expected: readonly number[], tolerance: number, about = ""): void {
  const off = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN))));
  assert.ok(actual.length === expected.length && off <= tolerance, `${about} [${actual}] is not about [${expected}]`);
}

const px = (width: number, height: number): Size => ({ width, height });

async function conformed(path: string, width: number, height: number, focus = MIDDLE.focus) {
  const image = await conformer.conform({ source: { path }, target: { width, height }, plan: { ...MIDDLE, focus } });
  return { image, picture: decode(image.png) };
}

test("the result has the exact size, for every size and for smaller and larger sources", async () => {
  /** One of each shape, and the others. */
  const smallest = [px(480, 480), px(480, 720), px(720, 480), px(540, 960), px(960, 540)];
  const sizes = [...smallest, px(720, 720), px(576, 1024), px(720, 1280), px(1024, 576), px(1280, 720)];
  for (const [source, targets] of [
    [px(1601, 899), sizes],
    [px(333, 777), sizes],
    [px(1280, 720), [px(1280, 720), px(480, 480)]],
    [px(7, 3), smallest],
    [px(1, 1), smallest],
  ] as const) {
    const path = await save(`size-${source.width}x${source.height}.png`, plain(source, GREEN).pngsaveBuffer());
    for (const { width, height } of targets) {
      const { picture } = await conformed(path, width, height);
      assert.deepEqual([picture.width, picture.height, picture.bands], [width, height, 3]);
      near(picture.at(0, 0), GREEN, 0);
      near(picture.at(width - 1, height - 1), GREEN, 0);
    }
  }
});

test("the result is a plain PNG: 8-bit RGB and nothing but pixels", async () => {
  const source = plain({ width: 300, height: 200 }, RED).iccTransform("p3", { input_profile: "srgb", depth: 8 });
  const path = await save("metadata.jpg", source.jpegsaveBuffer());
  const { image } = await conformed(path, 480, 480);
  const chunks = pngChunks(image.png);
  const header = chunks[0];
  assert.equal(header?.type, "IHDR");
  assert.deepEqual([...(header?.data.subarray(8) ?? [])], [8, 2, 0, 0, 0]);
  assert.deepEqual(
    [...new Set(chunks.map(({ type }) => type))].filter((type) => type !== "pHYs"),
    ["IHDR", "IDAT", "IEND"],
  );
});

test("the hashes are those of the bytes, and the same source gives the same bytes", async () => {
  const path = await save("hash.png", quarters({ width: 640, height: 480 }, [RED, GREEN, BLUE, GREY]).pngsaveBuffer());
  const first = (await conformed(path, 720, 480)).image;
  const second = (await conformed(path, 720, 480)).image;
  const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  assert.equal(first.sha256, sha(first.png));
  assert.equal(second.sha256, first.sha256);
});

test("the cut is where the arithmetic says, to the pixel", async () => {
  // 1600x900 to a square keeps 900 columns: those from 350 on for the middle, and so on.
  const strip = (width: number, color: Color) => plain({ width, height: 900 }, color);
  for (const [x, left] of [
    [0.5, 350],
    [0, 0],
    [1, 700],
    [0.6, 510],
  ] as const) {
    const strips = [strip(900, GREEN)];
    if (left > 0) strips.unshift(strip(left, RED));
    if (left < 700) strips.push(strip(700 - left, RED));
    const joined = strips.reduce((all, next) => all.join(next, "horizontal"));
    const path = await save(`cut-${left}.png`, joined.pngsaveBuffer());
    const { picture } = await conformed(path, 720, 720, { x, y: 0.5 });
    // One pixel off would bring 0.8 or more of a red column in; the kernel's reach alone brings a few levels.
    for (const column of [0, 1, 2, 3, 360, 716, 717, 718, 719]) {
      near(picture.at(column, 300), GREEN, 24, `column ${column} of the cut at ${left}:`);
    }
    near(picture.at(4, 300), GREEN, 2);
  }
});

test("the middle of a ramp lands where an independent computation puts it", async () => {
  const ramp = vips.Image.xyz(1000, 1400).linear([0.255, 255 / 1400], [0, 0]);
  const source = ramp.bandjoin(ramp.extractBand(0)).cast("uchar").copy({ interpretation: "srgb" });
  const path = await save("ramp.png", source.pngsaveBuffer());
  for (const [width, height] of [
    [480, 480],
    [480, 720],
    [1280, 720],
    [720, 1280],
  ] as const) {
    const { picture } = await conformed(path, width, height);
    const perPixel = Math.min(1000 / width, 1400 / height);
    for (const [x, y] of [
      [0, 0],
      [width - 1, height - 1],
      [width / 2, height / 4],
      [10, height - 10],
    ] as const) {
      const sourceX = 500 + (x + 0.5 - width / 2) * perPixel - 0.5;
      const sourceY = 700 + (y + 0.5 - height / 2) * perPixel - 0.5;
      const expected = [sourceX * 0.255 - 0.5, (sourceY * 255) / 1400 - 0.5, sourceX * 0.255 - 0.5];
      near(picture.at(x, y), expected, 1.1, `${width}x${height} at ${x},${y}:`);
    }
  }
});

test("every EXIF orientation comes out upright", async () => {
  // The stored quarters a b / c d as the eye sees them (Exif 3.0, 4.6.5.1.6 Orientation).
  const [a, b, c, d] = [RED, GREEN, BLUE, GREY];
  const seen = {
    1: [a, b, c, d],
    2: [b, a, d, c],
    3: [d, c, b, a],
    4: [c, d, a, b],
    5: [a, c, b, d],
    6: [c, a, d, b],
    7: [d, b, c, a],
    8: [b, d, a, c],
  };
  for (const [orientation, corners] of Object.entries(seen)) {
    for (const kind of ["jpg", "png", "webp", "tif"]) {
      const stored = quarters({ width: 400, height: 240 }, [a, b, c, d]).copy();
      stored.setInt("orientation", Number(orientation));
      const path = await save(`turned-${orientation}.${kind}`, stored.writeToBuffer(`.${kind}`));
      const about = `orientation ${orientation} in ${kind}:`;
      const upright = Number(orientation) < 5 ? { width: 400, height: 240 } : { width: 240, height: 400 };
      assert.deepEqual(await conformer.inspect({ path }), upright, about);
      const { picture } = await conformed(path, 240, 240);
      const [topLeft, topRight, bottomLeft, bottomRight] = corners as [Color, Color, Color, Color];
      near(picture.at(15, 15), topLeft, 6, about);
      near(picture.at(225, 15), topRight, 6, about);
      near(picture.at(15, 225), bottomLeft, 6, about);
      near(picture.at(225, 225), bottomRight, 6, about);
      // Parts that are enlarged, about the middle of each quarter.
      for (const [x, y, color] of [
        [0.25, 0.25, topLeft],
        [0.75, 0.25, topRight],
        [0.25, 0.75, bottomLeft],
      ] as const) {
        const plan = { mode: "crop", focus: { x, y }, zoom: 4 } as const;
        const part = await conformer.conform({ source: { path }, target: { width: 240, height: 240 }, plan });
        const enlarged = decode(part.png);
        near(enlarged.at(2, 2), color, 6, `${about} at ${x}, ${y}`);
        near(enlarged.at(237, 237), color, 6, `${about} at ${x}, ${y}`);
      }
    }
  }
});

test("transparency is laid on white, and no hidden color bleeds into the edges", async () => {
  const half = { width: 301, height: 600 };
  const source = plain(half, [255, 0, 0, 255]).join(plain(half, [0, 0, 0, 0]), "horizontal");
  for (const kind of ["png", "webp", "tif"]) {
    const path = await save(
      `alpha.${kind}`,
      source.writeToBuffer(`.${kind}`, kind === "webp" ? { lossless: true, exact: true } : {}),
    );
    const { picture } = await conformed(path, 480, 480);
    near(picture.at(10, 10), [255, 0, 0], 1, kind);
    near(picture.at(470, 10), [255, 255, 255], 0, kind);
    for (let x = 0; x < 480; x++) {
      const [red, green, blue] = picture.at(x, 240);
      assert.ok(red === 255 && green === blue, `a dark fringe at column ${x} of ${kind}`);
    }
  }
  const faint = await save("faint.png", plain({ width: 600, height: 600 }, [0, 0, 0, 128]).pngsaveBuffer());
  near((await conformed(faint, 480, 480)).picture.at(240, 240), [127, 127, 127], 1);
});

test("16 bits become 8, grey becomes RGB, a palette becomes colors", async () => {
  const deep = plain({ width: 64, height: 64 }, [1, 1, 1])
    .linear([1, 1, 1], [32_895, 65_534, -1])
    .cast("ushort")
    .copy({ interpretation: "rgb16" });
  const deepPath = await save("deep.png", deep.pngsaveBuffer());
  near((await conformed(deepPath, 480, 480)).picture.at(200, 200), [128, 255, 0], 0);
  const grey = await save(
    "grey.png",
    plain({ width: 64, height: 64 }, [77]).copy({ interpretation: "b-w" }).pngsaveBuffer(),
  );
  near((await conformed(grey, 480, 480)).picture.at(200, 200), [77, 77, 77], 0);
  const grey16 = plain({ width: 64, height: 64 }, [0])
    .linear([1], [30_069])
    .cast("ushort")
    .copy({ interpretation: "grey16" });
  near(
    (await conformed(await save("grey16.png", grey16.pngsaveBuffer()), 480, 480)).picture.at(200, 200),
    [117, 117, 117],
    0,
  );
  const palette = quarters({ width: 64, height: 64 }, [RED, GREEN, BLUE, GREY]).pngsaveBuffer({ palette: true });
  near((await conformed(await save("palette.png", palette), 480, 480)).picture.at(20, 20), RED, 3);
});

test("colors of a Display P3 picture are converted to sRGB", async () => {
  // The red of sRGB is (234, 51, 35) in Display P3.
  const p3 = plain({ width: 200, height: 200 }, [255, 0, 0]).iccTransform("p3", { input_profile: "srgb", depth: 8 });
  near([...p3.writeToMemory().subarray(0, 3)], [234, 51, 35], 2, "the test's own picture:");
  for (const kind of ["png", "jpg", "webp", "tif", "avif"]) {
    const path = await save(`p3.${kind}`, p3.writeToBuffer(`.${kind}`));
    near((await conformed(path, 480, 480)).picture.at(100, 100), [255, 0, 0], 6, kind);
  }
});

test("CMYK is converted, with and without a profile", async () => {
  // Colors that ink can print, and the paper's white.
  const inks: [Color, Color, Color, Color] = [
    [165, 90, 80],
    [90, 140, 95],
    [95, 110, 150],
    [255, 255, 255],
  ];
  const rgb = quarters({ width: 200, height: 200 }, inks);
  const cmyk = rgb.iccTransform("cmyk", { input_profile: "srgb", depth: 8 });
  assert.equal(cmyk.bands, 4);
  for (const [name, bytes] of [
    ["profile.jpg", cmyk.jpegsaveBuffer({ Q: 95 })],
    ["profile.tif", cmyk.tiffsaveBuffer()],
    ["bare.jpg", cmyk.jpegsaveBuffer({ Q: 95, keep: "none" })],
  ] as const) {
    const path = await save(`cmyk-${name}`, bytes);
    const { picture } = await conformed(path, 480, 480);
    for (const [i, ink] of inks.entries()) {
      near(picture.at(i % 2 === 0 ? 100 : 380, i < 2 ? 100 : 380), ink, 10, name);
    }
  }
});

test("bands beyond colors and transparency are left out", async () => {
  for (const bands of [4, 5, 6]) {
    const values = [200, 100, 50, ...Array(bands - 3).fill(255)];
    const path = await save(`bands-${bands}.tif`, plain({ width: 60, height: 60 }, values).tiffsaveBuffer());
    near((await conformed(path, 480, 480)).picture.at(200, 200), [200, 100, 50], 1, `${bands} bands`);
  }
});

test("a broken color profile is ignored", async () => {
  const source = plain({ width: 100, height: 100 }, RED).copy();
  source.setBlob("icc-profile-data", new Uint8Array(200).fill(65));
  const path = await save("broken-profile.jpg", source.jpegsaveBuffer({ Q: 95 }));
  near((await conformed(path, 480, 480)).picture.at(100, 100), RED, 4);
});

test("the first frame of an animation is used", async () => {
  const size = { width: 120, height: 90 };
  for (const kind of ["gif", "webp"]) {
    const film = plain(size, RED).join(plain(size, BLUE), "vertical").join(plain(size, GREEN), "vertical").copy();
    film.setInt("page-height", size.height);
    const path = await save(`film.${kind}`, film.writeToBuffer(`.${kind}`));
    assert.deepEqual(await conformer.inspect({ path }), { width: 120, height: 90 }, kind);
    const { picture } = await conformed(path, 480, 480);
    near(picture.at(5, 5), RED, 8, kind);
    near(picture.at(470, 470), RED, 8, kind);
  }
});

test("each kind is read, known by its bytes and not by its name", async () => {
  const source = quarters({ width: 320, height: 200 }, [RED, GREEN, BLUE, GREY]);
  for (const kind of ["png", "jpg", "webp", "avif", "gif", "tif"]) {
    const path = await save(`any-${kind}.dat`, source.writeToBuffer(`.${kind}`));
    assert.deepEqual(await conformer.inspect({ path }), { width: 320, height: 200 });
    const { picture } = await conformed(path, 720, 480);
    near(picture.at(100, 100), RED, 10, kind);
    near(picture.at(600, 400), GREY, 10, kind);
    const small = await conformer.thumbnail({ source: { path }, maxEdge: 64 });
    assert.deepEqual([small.width, small.height], [64, 40]);
    const shown = decode(small.webp);
    assert.deepEqual([shown.width, shown.height], [64, 40]);
    near(shown.at(10, 10), RED, 16, kind);
    near(shown.at(54, 30), GREY, 16, kind);
  }
});

test("a bitmap is inspected, conformed and shown like any other picture", async () => {
  const row = (r: number, g: number, b: number) => Array.from({ length: 60 }, () => [b, g, r]).flat();
  const rows = Array.from({ length: 40 }, (_, y) => (y < 20 ? row(0, 0, 200) : row(200, 0, 0)));
  const path = await save("picture.bmp", bmp({ width: 60, height: 40, bits: 24, rows }));
  assert.deepEqual(await conformer.inspect({ path }), { width: 60, height: 40 });
  const image = await conformer.conform({ source: { path }, target: { width: 480, height: 480 }, plan: MIDDLE });
  assert.deepEqual(decode(image.png).at(240, 20), [200, 0, 0]);
  assert.deepEqual(decode(image.png).at(240, 460), [0, 0, 200]);
  const small = await conformer.thumbnail({ source: { path }, maxEdge: 30 });
  assert.deepEqual([small.width, small.height], [30, 20]);
});

test("interlaced and progressive files are read", async () => {
  const source = quarters({ width: 321, height: 201 }, [RED, GREEN, BLUE, GREY]);
  for (const [name, bytes] of [
    ["interlaced.png", source.pngsaveBuffer({ interlace: true })],
    ["progressive.jpg", source.jpegsaveBuffer({ interlace: true })],
  ] as const) {
    near((await conformed(await save(name, bytes), 720, 480)).picture.at(100, 100), RED, 10, name);
  }
});

test("a picture is taken from memory as well", async () => {
  const bytes = plain({ width: 300, height: 200 }, BLUE).pngsaveBuffer();
  assert.deepEqual(await conformer.inspect({ bytes }), { width: 300, height: 200 });
  const image = await conformer.conform({ source: { bytes }, target: { width: 480, height: 480 }, plan: MIDDLE });
  near(decode(image.png).at(3, 3), BLUE, 0);
});

test("a thumbnail is upright and never larger than the picture", async () => {
  const stored = quarters({ width: 2400, height: 1200 }, [RED, GREEN, BLUE, GREY]).copy();
  stored.setInt("orientation", 6);
  const path = await save("portrait.jpg", stored.jpegsaveBuffer());
  const small = await conformer.thumbnail({ source: { path }, maxEdge: 200 });
  assert.deepEqual([small.width, small.height], [100, 200]);
  near(decode(small.webp).at(10, 10), BLUE, 16);
  const tiny = await save("tiny.png", plain({ width: 20, height: 10 }, RED).pngsaveBuffer());
  const same = await conformer.thumbnail({ source: { path: tiny }, maxEdge: 200 });
  assert.deepEqual([same.width, same.height], [20, 10]);
});

test("the original is only read", async () => {
  const path = await save("original.jpg", plain({ width: 300, height: 200 }, BLUE).jpegsaveBuffer());
  const before = { bytes: await readFile(path), facts: await stat(path, { bigint: true }) };
  await conformed(path, 480, 480);
  await conformer.inspect({ path });
  await conformer.thumbnail({ source: { path }, maxEdge: 100 });
  const after = await stat(path, { bigint: true });
  assert.deepEqual(await readFile(path), before.bytes);
  assert.equal(after.mtimeNs, before.facts.mtimeNs);
  assert.equal(after.ctimeNs, before.facts.ctimeNs);
});
