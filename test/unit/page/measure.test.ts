import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import { comparedPart, endVerdict, lumaOf, psnr, ssim, startVerdict } from "../../../src/page/player/frames/measure.ts";
import { identical } from "../../../src/shared/messages/videos.ts";

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "flf-measure-"));
after(() => rm(folder, { recursive: true }));

/** Makes a grey picture as raw bytes with ffmpeg. */
async function grey(name: string, filters: string, size: string): Promise<{ file: string; luma: Uint8Array }> {
  const file = join(folder, name);
  const source = ["-f", "lavfi", "-i", `testsrc2=size=${size},${filters},format=gray`];
  await run(ffmpeg.path, ["-v", "error", "-y", ...source, "-frames:v", "1", "-f", "rawvideo", file]);
  return { file, luma: new Uint8Array(await readFile(file)) };
}

/** What ffmpeg's own filter says of two raw grey pictures. */
async function judged(filter: "ssim" | "psnr", one: string, other: string, size: string): Promise<number> {
  const input = (file: string) => ["-f", "rawvideo", "-pix_fmt", "gray", "-s", size, "-i", file];
  const { stderr } = await run(ffmpeg.path, [...input(one), ...input(other), "-lavfi", filter, "-f", "null", "-"]);
  const figure = /SSIM Y:([\d.]+)|PSNR y:([\d.]+)/.exec(stderr);
  return Number(figure?.[1] ?? figure?.[2]);
}

const changes = {
  noise: "noise=alls=24:all_seed=7",
  blur: "boxblur=3",
  brighter: "eq=brightness=0.1",
  shifted: "crop=iw-2:ih:2:0,scale=iw+2:ih",
  inverted: "negate",
};

for (const [width, height] of [
  [320, 176],
  [270, 133],
] as const) {
  for (const [name, filters] of Object.entries(changes)) {
    test(`${name} at ${width} × ${height}: both figures are those of ffmpeg's own filters`, async () => {
      const size = `${width}x${height}`;
      const whole = await grey(`whole-${size}`, "null", size);
      const changed = await grey(`${name}-${size}`, `${filters},scale=${width}:${height}`, size);
      const likeness = ssim(whole.luma, changed.luma, { width, height });
      assert.ok(Math.abs(likeness - (await judged("ssim", whole.file, changed.file, size))) < 2e-5, `${likeness}`);
      const noise = psnr(whole.luma, changed.luma);
      assert.ok(Math.abs(noise - (await judged("psnr", whole.file, changed.file, size))) < 1e-4, `${noise}`);
    });
  }
}

test("a picture is identical to itself", () => {
  const luma = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index * 37) % 256);
  assert.equal(ssim(luma, luma, { width: 64, height: 64 }), 1);
  assert.equal(psnr(luma, luma), identical);
});

test("luma weighs the colors as eyes do", () => {
  const pixels = [
    [0, 0, 0],
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ];
  assert.deepEqual([...lumaOf(Uint8ClampedArray.from(pixels.flatMap((rgb) => [...rgb, 255])))], [0, 255, 54, 182, 18]);
});

test("a video of the 540 sizes is compared with the middle of its images, one of another size with nothing", () => {
  const size = (width: number, height: number) => ({ width, height });
  assert.deepEqual(comparedPart(size(960, 540), size(960, 536)), { x: 0, y: 2 });
  assert.deepEqual(comparedPart(size(540, 960), size(536, 960)), { x: 2, y: 0 });
  assert.deepEqual(comparedPart(size(960, 540), size(960, 540)), { x: 0, y: 0 });
  assert.deepEqual(comparedPart(size(1280, 720), size(1280, 720)), { x: 0, y: 0 });
  assert.equal(comparedPart(size(1280, 720), size(1280, 712)), undefined);
  assert.equal(comparedPart(size(1280, 720), size(720, 1280)), undefined);
});

test("the first frame matches, differs a little, or visibly", () => {
  const verdict = (ssim: number) => startVerdict({ ssim, psnr: 30 }).kind;
  assert.deepEqual([0.92, 0.919, 0.8, 0.799].map(verdict), ["matches", "slight", "slight", "visible"]);
});

test("the end image is found in the last frames where the last one misses it", () => {
  const end = (...likeness: number[]) => endVerdict(likeness.map((ssim) => ({ ssim, psnr: 30 })));
  assert.deepEqual(end(0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95), { kind: "matches" });
  assert.deepEqual(end(0.9, 0.95, 0.99, 0.93), { kind: "matches" });
  assert.deepEqual(end(0.5, 0.6, 0.7, 0.8, 0.97, 0.9, 0.88, 0.85), { kind: "early", frames: 3 });
  assert.deepEqual(end(0.82, 0.7), { kind: "early", frames: 1 });
  assert.deepEqual(end(0.855, 0.85), { kind: "slight" });
  assert.deepEqual(end(0.3, 0.2), { kind: "visible" });
  assert.equal(endVerdict(undefined), undefined);
});
