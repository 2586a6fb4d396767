import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersSchema } from "../../../src/shared/model/draft.ts";
import { type Parameters, type Resolution, settableNames } from "../../../src/shared/model/parameters.ts";
import { holds, presetIds, presetParameters, presets, smallestLike } from "../../../src/shared/model/presets.ts";

const baseline = { defaults: {}, resolution: "1280x720 (16:9)" as Resolution };

test("a preset sets what differs from the model's defaults, and nothing else", () => {
  const set = Object.fromEntries(presetIds.map((id) => [id, presetParameters(id, baseline)]));
  assert.deepEqual(set, {
    standard: {},
    draft: { resolution: "960x540 (16:9)" },
    snappy: { fps: 24 },
    moreMotion: { cfg: 1.6 },
    calm: { shift: 6 },
    smooth: { length: 141, fps: 24 },
    loop: {},
  });
  for (const parameters of Object.values(set)) {
    assert.ok(parametersSchema.safeParse(parameters).success);
  }
});

test("a preset holds against the user's settings too", () => {
  const mine = { ...baseline, defaults: { fps: 24, shift: 6 } };
  assert.deepEqual(presetParameters("standard", mine), { fps: 16, shift: 8 });
  assert.deepEqual(presetParameters("snappy", mine), { shift: 8 });
});

test("a form that a preset was put into holds it, until something that it speaks of is changed", () => {
  for (const id of presetIds) {
    const form = presetParameters(id, baseline);
    const then = { ...baseline, resolution: form.resolution ?? baseline.resolution };
    assert.ok(holds(id, { ...form, seed: 7 }, then), id);
    assert.ok(!holds(id, { ...form, fps: 13 }, then), id);
    assert.ok(!holds(id, { ...form, steps: 8 }, then), id);
  }
  assert.ok(!holds("snappy", {}, baseline));
  assert.ok(!holds("standard", { resolution: "480x480 (1:1)" }, baseline));
  assert.ok(!holds("draft", {}, baseline));
});

test("a preset no longer holds once anything but the seed is set to what it does not say", () => {
  const set: Required<Parameters> = {
    resolution: "480x480 (1:1)",
    length: 81,
    fps: 13,
    seed: 7,
    steps: 8,
    cfg: 1.9,
    shift: 5,
  };
  assert.deepEqual(Object.keys(set).sort(), settableNames.toSorted());
  for (const name of settableNames) {
    // The one preset with the other length: both lengths belong to some preset.
    const id = name === "length" ? "smooth" : "standard";
    const form = presetParameters(id, baseline);
    assert.equal(holds(id, { ...form, [name]: set[name] }, baseline), name === "seed", name);
  }
});

test("the smallest size keeps the ratio", () => {
  assert.equal(smallestLike("720x1280 (9:16)"), "540x960 (9:16)");
  assert.equal(smallestLike("720x720 (1:1)"), "480x480 (1:1)");
  assert.equal(smallestLike("480x720 (2:3)"), "480x720 (2:3)");
});

test("what leaves the matched set says that it is experimental", () => {
  for (const { values, experimental } of Object.values(presets)) {
    assert.equal(experimental, values.length !== 81 || values.cfg !== 1 || values.shift !== 8);
  }
});
