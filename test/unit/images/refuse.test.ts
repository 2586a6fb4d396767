import assert from "node:assert/strict";
import { mkdir, truncate } from "node:fs/promises";
import { test } from "node:test";
import { ImageError, type ImageErrorFacts } from "../../../src/images/errors.ts";
import { conformer, decode, MIDDLE, nowhere, plain, pngClaiming, save, vips } from "./pictures.ts";
import { tiff } from "./tiff.ts";

/** All three calls must refuse alike, unless only the pixels are bad: then the header may still be read. */
async function refusal(path: string, { headerIsGood = false } = {}): Promise<ImageErrorFacts> {
  const target = { width: 480, height: 480 };
  const calls = [
    () => conformer.conform({ source: { path }, target, plan: MIDDLE }),
    () => conformer.thumbnail({ source: { path }, maxEdge: 100 }),
    ...(headerIsGood ? [] : [() => conformer.inspect({ path })]),
  ];
  const codes = [];
  let facts: ImageErrorFacts | undefined;
  for (const call of calls) {
    const error = await call().then(
      () => assert.fail(`${path} was accepted`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ImageError, String(error));
    assert.equal(error.facts.path, path);
    assert.ok(error.message.includes(path), error.message);
    codes.push(error.code);
    facts ??= error.facts;
  }
  assert.equal(new Set(codes).size, 1, String(codes));
  assert.ok(facts);
  return facts;
}

/** A picture that does not compress to nothing, so that cutting its end cuts pixels. */
const rich = vips.Image.gaussnoise(120, 80, { mean: 128, sigma: 40, seed: 7 })
  .bandjoin([
    vips.Image.gaussnoise(120, 80, { mean: 128, sigma: 40, seed: 8 }),
    vips.Image.gaussnoise(120, 80, { seed: 9 }),
  ])
  .cast("uchar")
  .copy({ interpretation: "srgb" });

test("no file", async () => {
  assert.equal((await refusal(nowhere("absent.png"))).code, "missing");
  const file = await save("plain-file", "x");
  assert.equal((await refusal(`${file}/below.png`)).code, "missing");
});

test("an empty file, a folder, a text, and a text that looks like a bitmap", async () => {
  assert.equal((await refusal(await save("empty.png", ""))).code, "empty");
  await mkdir(nowhere("folder.png"));
  assert.equal((await refusal(nowhere("folder.png"))).code, "notAnImage");
  assert.equal((await refusal(await save("text.png", "This is no picture.\n"))).code, "notAnImage");
  assert.equal((await refusal(await save("one.png", "x"))).code, "notAnImage");
  assert.equal(
    (await refusal(await save("bm.bmp", "BMW is a maker of motor cars and motorcycles."))).code,
    "notAnImage",
  );
  assert.equal(
    (await refusal(await save("film.mp4", "\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41"))).code,
    "notAnImage",
  );
});

test("pictures of a kind that is not read are named", async () => {
  const kinds = {
    SVG: '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    HEIC: "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    Photoshop: "8BPS\0\x01",
  };
  for (const [name, head] of Object.entries(kinds)) {
    const facts = await refusal(await save(`kind-${name}.png`, Buffer.from(head, "latin1")));
    assert.deepEqual([facts.code, facts.detail], ["unsupported", name]);
  }
});

test("a decompression bomb is refused by its header, with the size it claims", async () => {
  for (const [width, height] of [
    [60_000, 60_000],
    [16_385, 10],
    [10, 16_385],
    [15_000, 15_000],
  ] as const) {
    const facts = await refusal(await save(`bomb-${width}x${height}.png`, pngClaiming(width, height)));
    assert.deepEqual([facts.code, facts.width, facts.height], ["tooLarge", width, height]);
  }
  const jpeg = Buffer.from(plain({ width: 8, height: 8 }, [1, 2, 3]).jpegsaveBuffer());
  jpeg.writeUInt32BE(60_000 * 65_536 + 60_001, jpeg.indexOf("ffc0", "hex") + 5);
  const facts = await refusal(await save("bomb.jpg", jpeg));
  assert.deepEqual([facts.code, facts.width, facts.height], ["tooLarge", 60_001, 60_000]);
});

test("a file too large to be read is refused without reading it", async () => {
  const path = await save("huge.png", "");
  await truncate(path, 300 * 1024 * 1024);
  const facts = await refusal(path);
  assert.deepEqual([facts.code, facts.byteLength, facts.width], ["tooLarge", 300 * 1024 * 1024, undefined]);
});

test("a truncated file of any kind is refused, not filled with grey", async () => {
  for (const kind of ["png", "jpg", "webp", "avif", "gif", "tif"]) {
    const whole = rich.writeToBuffer(`.${kind}`);
    for (const share of [0.5, 0.9]) {
      const path = await save(`cut-${share}.${kind}`, whole.subarray(0, whole.length * share));
      assert.equal((await refusal(path, { headerIsGood: true })).code, "unreadable", `${kind} cut at ${share}`);
    }
    const path = await save(`stub.${kind}`, whole.subarray(0, 24));
    assert.equal((await refusal(path)).code, "unreadable", `the first bytes of a ${kind}`);
  }
  const progressive = rich.jpegsaveBuffer({ interlace: true });
  const path = await save("cut-progressive.jpg", progressive.subarray(0, progressive.length / 2));
  assert.equal((await refusal(path, { headerIsGood: true })).code, "unreadable");
});

test("a file with damaged pixels is refused", async () => {
  for (const kind of ["png", "webp"]) {
    const bytes = Buffer.from(rich.writeToBuffer(`.${kind}`, kind === "webp" ? { lossless: true } : {}));
    bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 64);
    const path = await save(`damaged.${kind}`, bytes);
    assert.equal((await refusal(path, { headerIsGood: true })).code, "unreadable", kind);
  }
});

test("after a refusal the next picture is conformed", async () => {
  await refusal(await save("bad.png", "no"));
  const path = await save("good.png", plain({ width: 30, height: 30 }, [9, 9, 9]).pngsaveBuffer());
  const image = await conformer.conform({ source: { path }, target: { width: 480, height: 480 }, plan: MIDDLE });
  assert.equal(decode(image.png).width, 480);
});

test("a whole picture of a kind that is not read is not called damaged, a damaged one of the same kind is", async () => {
  const jpeg = Buffer.from(rich.jpegsaveBuffer());
  const frame = jpeg.indexOf("ffc0", "hex");
  const lossless = Buffer.from(jpeg);
  lossless[frame + 1] = 0xc3;
  const deep = Buffer.from(jpeg);
  deep[frame + 4] = 12;
  const film = Buffer.from("\0\0\0\x18ftypavis\0\0\0\0avismsf1\0\0\0\x10moov\0\0\0\x08free", "latin1");
  for (const [name, bytes, code] of [
    ["lossless.jpg", lossless, "unsupported"],
    ["12-bits.jpg", deep, "unsupported"],
    ["cut.jpg", jpeg.subarray(0, jpeg.length / 2), "unreadable"],
    ["film.avif", film, "unsupported"],
  ] as const) {
    const path = await save(`unusual-${name}`, bytes);
    assert.equal((await refusal(path, { headerIsGood: true })).code, code, name);
  }
});

test("what the library says of one picture is not said of the next", async () => {
  const odd = tiff({ width: 16, height: 16, bits: 8, compression: 34_925, pixels: new Uint8Array(256) });
  await conformer.inspect({ path: await save("lzma.tif", odd) });
  const png = rich.pngsaveBuffer();
  const path = await save("after-lzma.png", png.subarray(0, png.length / 2));
  const { detail = "" } = await refusal(path, { headerIsGood: true });
  assert.match(detail, /png/);
  assert.doesNotMatch(detail, /tiff|LZMA/);
});
