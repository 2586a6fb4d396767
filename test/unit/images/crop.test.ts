import assert from "node:assert/strict";
import { test } from "node:test";
import { bestFitSize, coverCrop, fitBox, settled } from "../../../src/shared/model/crop.ts";
import type { Size } from "../../../src/shared/model/size.ts";

const SIZES: readonly [Size, ...Size[]] = [
  { width: 480, height: 480 },
  { width: 720, height: 720 },
  { width: 480, height: 720 },
  { width: 720, height: 480 },
  { width: 540, height: 960 },
  { width: 576, height: 1024 },
  { width: 720, height: 1280 },
  { width: 960, height: 540 },
  { width: 1024, height: 576 },
  { width: 1280, height: 720 },
];

/** Sources of every aspect from 1:4 to 4:1, small ones, large ones and odd ones. */
function* sources(): Generator<Size> {
  for (let step = -40; step <= 40; step++) {
    const aspect = 4 ** (step / 40);
    for (const height of [37, 480, 719, 3001]) {
      yield { width: Math.max(1, Math.round(height * aspect)), height };
    }
  }
}

const FOCUSES = [
  { x: 0.5, y: 0.5 },
  { x: 0, y: 0 },
  { x: 1, y: 1 },
  { x: 0.2, y: 0.9 },
];

test("a cover crop fills every size from every aspect and stays inside the picture", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      for (const focus of FOCUSES) {
        const { scaled, cut, rect, scale } = coverCrop(source, target, focus);
        const about = JSON.stringify({ source, target, focus });
        assert.deepEqual([cut.width, cut.height], [target.width, target.height], about);
        assert.ok(Number.isInteger(cut.left) && Number.isInteger(cut.top), about);
        assert.ok(cut.left >= 0 && cut.left + cut.width <= scaled.width, about);
        assert.ok(cut.top >= 0 && cut.top + cut.height <= scaled.height, about);
        assert.ok(scaled.width === target.width || scaled.height === target.height, `nothing cut twice: ${about}`);
        assert.ok(rect.left >= 0 && rect.left + rect.width <= source.width + 1e-9, about);
        assert.ok(rect.top >= 0 && rect.top + rect.height <= source.height + 1e-9, about);
        // Not stretched: both edges are scaled alike, up to half a pixel of the result.
        assert.ok(Math.abs(source.width * scale - scaled.width) <= 0.5 + 1e-9, about);
        assert.ok(Math.abs(source.height * scale - scaled.height) <= 0.5 + 1e-9, about);
      }
    }
  }
});

test("without a focus the middle is kept", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      const { rect } = coverCrop(source, target);
      const halfColumn = rect.width / target.width / 2 + 1e-9;
      const halfRow = rect.height / target.height / 2 + 1e-9;
      assert.ok(Math.abs(rect.left + rect.width / 2 - source.width / 2) <= halfColumn);
      assert.ok(Math.abs(rect.top + rect.height / 2 - source.height / 2) <= halfRow);
    }
  }
});

test("the kept share is the smaller of the two quotients of the ratios, and the loss names its sides", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      const { keptShare, lost, rect, scale } = coverCrop(source, target);
      const a = source.width / source.height;
      const r = target.width / target.height;
      assert.ok(Math.abs(keptShare - Math.min(a / r, r / a)) < 1e-12);
      assert.ok(Math.abs(keptShare + lost.share - 1) < 1e-12);
      const wider = source.width * target.height - target.width * source.height;
      assert.equal(lost.side, wider > 0 ? "left and right" : wider < 0 ? "top and bottom" : null);
      // The rectangle says the same, up to the pixel it is rounded to.
      const area = (rect.width * rect.height) / (source.width * source.height);
      assert.ok(Math.abs(area - keptShare) <= 0.5 / (scale * Math.min(source.width, source.height)) + 1e-9);
    }
  }
});

test("known losses", () => {
  const loss = (w: number, h: number, width: number, height: number) => {
    const { keptShare, lost } = coverCrop({ width: w, height: h }, { width, height });
    return `${(keptShare * 100).toFixed(1)}% ${lost.side}`;
  };
  assert.equal(loss(1600, 1200, 720, 480), "88.9% top and bottom");
  assert.equal(loss(1500, 1200, 720, 480), "83.3% top and bottom");
  assert.equal(loss(1600, 1000, 720, 480), "93.8% left and right");
  assert.equal(loss(1600, 1000, 1280, 720), "90.0% top and bottom");
  assert.equal(loss(2000, 1000, 1280, 720), "88.9% left and right");
  assert.equal(loss(2100, 900, 1280, 720), "76.2% left and right");
  assert.equal(loss(3840, 2160, 1280, 720), "100.0% null");
});

test("the focus is brought to the middle as far as the edges allow", () => {
  const source = { width: 1600, height: 900 };
  const target = { width: 720, height: 720 };
  const left = (x: number) => coverCrop(source, target, { x, y: 0.5 }).rect.left;
  assert.equal(left(0), 0);
  assert.equal(left(0.1), 0);
  assert.equal(left(0.5), 350);
  assert.equal(left(0.6), 510);
  assert.equal(left(1), 700);
});

test("zoomed in, every size is still filled, from inside the picture and unstretched, by less of it", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      for (const focus of FOCUSES) {
        for (const zoom of [1, 1.05, 2.35, 4]) {
          const { scaled, cut, rect, scale, keptShare } = coverCrop(source, target, focus, zoom);
          const plain = coverCrop(source, target, focus);
          const about = JSON.stringify({ source, target, focus, zoom });
          assert.deepEqual([cut.width, cut.height], [target.width, target.height], about);
          assert.ok(cut.left >= 0 && cut.left + cut.width <= scaled.width, about);
          assert.ok(cut.top >= 0 && cut.top + cut.height <= scaled.height, about);
          assert.ok(rect.left >= 0 && rect.left + rect.width <= source.width + 1e-9, about);
          assert.ok(rect.top >= 0 && rect.top + rect.height <= source.height + 1e-9, about);
          assert.ok(Math.abs(source.width * scale - scaled.width) <= 0.5 + 1e-9, about);
          assert.ok(Math.abs(source.height * scale - scaled.height) <= 0.5 + 1e-9, about);
          assert.ok(Math.abs(scale - plain.scale * zoom) < 1e-9 * scale, about);
          assert.ok(Math.abs(keptShare - plain.keptShare / zoom ** 2) < 1e-12, about);
          // The focus is in the middle, or the crop stands at the edge that keeps it from there.
          const off = Math.abs(rect.left + rect.width / 2 - focus.x * source.width);
          const atEdge = cut.left === 0 || cut.left + cut.width === scaled.width;
          assert.ok(atEdge || off <= 0.5 / scale + 0.5 / Math.min(scale, 1) + 1e-9, about);
        }
      }
    }
  }
});

test("a settled focus is the middle of the crop, and moving it changes no pixel", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      for (const focus of FOCUSES) {
        for (const zoom of [1, 1.7, 4]) {
          const plan = { mode: "crop", focus, zoom } as const;
          const there = settled(plan, source, target);
          const before = coverCrop(source, target, focus, zoom);
          const after = coverCrop(source, target, there.focus, zoom);
          const about = JSON.stringify({ source, target, focus, zoom, there: there.focus });
          assert.ok(Math.abs(after.cut.left - before.cut.left) <= 1, about);
          assert.ok(Math.abs(after.cut.top - before.cut.top) <= 1, about);
          const middle = after.rect.left + after.rect.width / 2;
          assert.ok(Math.abs(there.focus.x * source.width - middle) <= 1 / after.scale + 1e-6, about);
        }
      }
    }
  }
});

test("shown whole, a picture touches two edges of the frame and stands in its middle, unstretched", () => {
  for (const source of sources()) {
    for (const target of SIZES) {
      const { box, scale } = fitBox(source, target);
      const about = JSON.stringify({ source, target, box });
      assert.ok(box.width === target.width || box.height === target.height, about);
      assert.ok(box.left >= 0 && box.top >= 0, about);
      assert.ok(Math.abs(target.width - box.width - 2 * box.left) <= 1, about);
      assert.ok(Math.abs(target.height - box.height - 2 * box.top) <= 1, about);
      assert.ok(Math.abs(box.width - source.width * scale) <= 0.5 + 1e-9, about);
      assert.ok(Math.abs(box.height - source.height * scale) <= 0.5 + 1e-9, about);
    }
  }
});

test("nonsense is refused", () => {
  const good = { width: 100, height: 100 };
  for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => coverCrop({ width: bad, height: 100 }, good), RangeError);
    assert.throws(() => coverCrop(good, { width: 100, height: bad }), RangeError);
    assert.throws(() => bestFitSize([{ width: bad, height: 100 }], SIZES), RangeError);
  }
  for (const bad of [-0.01, 1.01, Number.NaN]) {
    assert.throws(() => coverCrop(good, good, { x: bad, y: 0.5 }), RangeError);
    assert.throws(() => coverCrop(good, good, { x: 0.5, y: bad }), RangeError);
    assert.throws(() => coverCrop(good, good, { x: 0.5, y: 0.5 }, bad === 1.01 ? 0.99 : bad), RangeError);
  }
});

const name = ({ width, height }: Size) => `${width}x${height}`;
const best = (...images: [Size, ...Size[]]) => name(bestFitSize(images, SIZES).size);
const px = (width: number, height: number): Size => ({ width, height });

test("the best size keeps most, and is the largest that enlarges nothing, else the smallest", () => {
  assert.equal(best(px(1920, 1080)), "1280x720");
  assert.equal(best(px(1279, 720)), "1024x576");
  assert.equal(best(px(960, 540)), "960x540");
  assert.equal(best(px(320, 180)), "960x540");
  assert.equal(best(px(1080, 1920)), "720x1280");
  assert.equal(best(px(700, 700)), "480x480");
  assert.equal(best(px(3000, 2000)), "720x480");
  assert.equal(best(px(2000, 3000)), "480x720");
  assert.equal(best(px(4000, 3000)), "720x480");
});

test("the ratios turn at the geometric means", () => {
  assert.equal(best(px(12_240, 10_000)), "720x720");
  assert.equal(best(px(12_250, 10_000)), "720x480");
  assert.equal(best(px(16_320, 10_000)), "720x480");
  assert.equal(best(px(16_340, 10_000)), "1280x720");
  assert.equal(best(px(10_000, 12_250)), "480x720");
  assert.equal(best(px(10_000, 16_340)), "720x1280");
});

test("a pair is judged by its worse picture", () => {
  assert.equal(best(px(1920, 1080), px(1080, 1920)), "720x720");
  assert.equal(best(px(1920, 1080), px(1600, 1200)), "720x480");
  assert.equal(best(px(1920, 1080), px(1024, 576)), "1024x576");
  const { size, keptShares, enlarges } = bestFitSize([px(1920, 1080), px(1280, 960)], SIZES);
  assert.equal(name(size), "720x480");
  assert.deepEqual(
    keptShares.map((share) => share.toFixed(3)),
    ["0.844", "0.889"],
  );
  assert.equal(enlarges, false);
  assert.equal(bestFitSize([px(1920, 1080), px(640, 360)], SIZES).enlarges, true);
});

test("no other size keeps more of the worse picture", () => {
  const all = [...sources()].filter(({ height }) => height === 719);
  for (const [i, a] of all.entries()) {
    const b = all[(i * 7) % all.length] ?? a;
    const { keptShares } = bestFitSize([a, b], SIZES);
    for (const size of SIZES) {
      const worst = Math.min(coverCrop(a, size).keptShare, coverCrop(b, size).keptShare);
      assert.ok(Math.min(...keptShares) >= worst - 1e-12);
    }
  }
});

test("the order of the sizes does not matter", () => {
  const [first, ...rest] = SIZES;
  for (const source of sources()) {
    assert.equal(best(source), name(bestFitSize([source], [first, ...rest.toReversed()]).size));
  }
});
