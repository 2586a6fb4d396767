import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { ImageError } from "../../../src/images/errors.ts";
import { keepPicture } from "../../../src/images/pasted.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { usedFiles } from "../../../src/jobs/usedFiles.ts";
import { betterFit, returnedSize, sizeGroups } from "../../../src/page/form/sizeGroups.ts";
import { aspectText } from "../../../src/page/pair/captions.ts";
import { emptyDraft, patched } from "../../../src/page/state/form.ts";
import { planOf, swapped, withFirstFrame, withPlans, withSeparate } from "../../../src/page/state/framing.ts";
import { compare, edgeColor, sampleEdge } from "../../../src/page/state/likeness.ts";
import { initialState } from "../../../src/page/state/state.ts";
import type { FormPatch } from "../../../src/shared/messages/form.ts";
import { bestResolution } from "../../../src/shared/model/bestFit.ts";
import { resolutions, sizeOf } from "../../../src/shared/model/parameters.ts";
import type { CropPlan } from "../../../src/shared/model/plan.ts";
import { centerCrop, cropPlanSchema } from "../../../src/shared/model/plan.ts";
import { shortName } from "../../../src/shared/shortName.ts";
import { setLanguage } from "../../../src/shared/texts.ts";
import { recentPairs } from "../../../src/ui/panel/pair.ts";
import { usedPairs } from "../../../src/ui/panel/usedPairs.ts";
import { PlayedProduct } from "../../support/page/product.ts";

const left: CropPlan = { mode: "crop", focus: { x: 0.2, y: 0.5 }, zoom: 1.5 };
const blur: CropPlan = { mode: "fit", fill: { kind: "blur" } };
const pair = { ...emptyDraft, start: "/a.png", end: "/b.png" };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-framing-"));
});
after(() => rm(folder, { recursive: true }));

test("a plan is parsed strictly", () => {
  for (const plan of [centerCrop, left, blur, { mode: "fit", fill: { kind: "color", color: "#0a64ff" } }]) {
    assert.deepEqual(cropPlanSchema.parse(JSON.parse(JSON.stringify(plan))), plan);
  }
  for (const nonsense of [
    { ...left, zoom: 0.99 },
    { ...left, zoom: 4.01 },
    { ...left, focus: { x: 1.1, y: 0 } },
    { ...left, focus: { x: 0.5 } },
    { ...left, more: 1 },
    { mode: "fit", fill: { kind: "color", color: "red" } },
    { mode: "fit" },
    { mode: "stretch" },
  ]) {
    assert.equal(cropPlanSchema.safeParse(nonsense).success, false, JSON.stringify(nonsense));
  }
});

test("an image nobody has framed keeps its middle; framed apart, each keeps its own; alike again, both are as the start", () => {
  assert.deepEqual(planOf(pair, "start"), centerCrop);
  const apart = withPlans(withSeparate(pair, true), { end: left });
  assert.deepEqual([planOf(apart, "start"), planOf(apart, "end")], [centerCrop, left]);
  const alike = withSeparate(withPlans(apart, { start: blur }), false);
  assert.deepEqual([planOf(alike, "start"), planOf(alike, "end")], [blur, blur]);
});

test("swapping takes each image's framing along", () => {
  const there = swapped(withPlans(withSeparate(pair, true), { start: left, end: blur }));
  assert.deepEqual([there.start, there.end], ["/b.png", "/a.png"]);
  assert.deepEqual([planOf(there, "start"), planOf(there, "end")], [blur, left]);
});

test("a new pair starts from the middle, a new image beside one that stays is framed like it unless framed apart", () => {
  const alike = withPlans(pair, { start: left, end: left });
  assert.deepEqual(planOf(patched(alike, { end: "/c.png" }), "end"), left);
  assert.deepEqual(planOf(patched(alike, { start: "/c.png", end: "/d.png" }), "end"), centerCrop);
  assert.deepEqual(planOf(patched(alike, { prompt: "other" }), "start"), left);
  assert.deepEqual(planOf(patched(alike, { start: "/a.png", end: "/b.png" }), "start"), left);
  const apart = withSeparate(alike, true);
  assert.deepEqual(planOf(patched(apart, { end: "/c.png" }), "end"), centerCrop);
  assert.deepEqual(planOf(patched(apart, { end: "/c.png" }), "start"), left);
  const cleared = patched(patched(alike, { start: undefined }), { end: undefined });
  assert.deepEqual(planOf(cleared, "start"), centerCrop);
});

test("plans that come with a pair are taken, and images framed differently stay apart", () => {
  const other = patched(pair, { start: "/c.png", end: "/d.png", plans: { start: left, end: blur } });
  assert.deepEqual([planOf(other, "start"), planOf(other, "end"), other.separate], [left, blur, true]);
  assert.equal(patched(pair, { plans: { start: left, end: left } }).separate, false);
});

test("the best resolution is one of the ten, and another is proposed only where it has another shape", () => {
  const wide = { width: 1920, height: 1080 };
  assert.equal(bestResolution([]), undefined);
  assert.equal(bestResolution([wide]), "1280x720 (16:9)");
  assert.equal(bestResolution([wide, { width: 1600, height: 1200 }]), "720x480 (3:2)");
  assert.equal(betterFit("1280x720 (16:9)", "1024x576 (16:9)"), undefined);
  assert.equal(betterFit("1280x720 (16:9)", "720x720 (1:1)"), "1280x720 (16:9)");
  assert.equal(betterFit(undefined, "720x720 (1:1)"), undefined);
});

test("the sizes stand by shape, each once, and only the two of 540 come back smaller", () => {
  const groups = sizeGroups();
  assert.deepEqual(
    groups.map(({ aspect }) => aspect),
    ["16:9", "3:2", "1:1", "2:3", "9:16"],
  );
  assert.deepEqual(groups.flatMap(({ members }) => members).sort(), [...resolutions].sort());
  assert.deepEqual(groups[0]?.members, ["1280x720 (16:9)", "1024x576 (16:9)", "960x540 (16:9)"]);
  const smaller = resolutions.filter((resolution) => returnedSize(sizeOf({ resolution })) !== undefined);
  assert.deepEqual(smaller, ["540x960 (9:16)", "960x540 (16:9)"]);
  assert.deepEqual(returnedSize({ width: 960, height: 540 }), { width: 960, height: 536 });
});

test("ratios read as people say them", () => {
  const text = (width: number, height: number) => aspectText({ width, height });
  assert.equal(text(1600, 1200), "4:3");
  assert.equal(text(1080, 1920), "9:16");
  assert.equal(text(1000, 731), "1.37:1");
  setLanguage("de");
  assert.equal(text(731, 1000), "1:1,37");
  setLanguage("en");
});

/** A small copy made of a function of place, both 0..1. */
function sample(pixel: (x: number, y: number) => readonly [number, number, number]): Uint8ClampedArray {
  const out = new Uint8ClampedArray(sampleEdge ** 2 * 4);
  for (let i = 0; i < sampleEdge ** 2; i++) {
    out.set([...pixel((i % sampleEdge) / sampleEdge, Math.floor(i / sampleEdge) / sampleEdge), 255], i * 4);
  }
  return out;
}

test("the same picture, two moments of one shot and different scenes are told apart", () => {
  const day = sample((x, y) => [120 + 100 * y, 140 + 80 * y, 230 - 60 * x]);
  const again = sample((x, y) => [121 + 100 * y, 139 + 80 * y, 231 - 60 * x]);
  const night = sample((x, y) => [20 + 40 * y, 20 + 30 * y, 60 - 20 * x]);
  const moved = sample((x, y) => (x > 0.4 && x < 0.6 ? [250, 40, 30] : [120 + 100 * y, 140 + 80 * y, 230 - 60 * x]));
  const stripes = sample((x) => (Math.floor(x * 8) % 2 === 0 ? [240, 200, 20] : [10, 90, 10]));
  assert.equal(compare(day, again), "same");
  assert.equal(compare(day, night), "related");
  assert.equal(compare(day, moved), "related");
  assert.equal(compare(day, stripes), "unlike");
  assert.equal(compare(stripes, night), "unlike");
});

test("an edge's color is the mean of the edges beside which the frame is empty", () => {
  const picture = sample((x, y) =>
    x === 0 || x > 0.96 ? [200, 100, 0] : y === 0 || y > 0.96 ? [0, 0, 255] : [9, 9, 9],
  );
  assert.equal(edgeColor(picture, "left and right"), "#c86400");
  assert.match(edgeColor(picture, "top and bottom"), /^#0[0-9a-f]0[0-9a-f][ef][0-9a-f]$/);
});

test("a picture without a file gets one, named by its bytes, once; what is no picture gets none", async () => {
  const bytes = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const kept = join(folder, "pasted");
  const path = await keepPicture(kept, bytes);
  assert.match(path, /[\\/]pasted[\\/][0-9a-f]{64}\.png$/);
  assert.deepEqual(await readFile(path), bytes);
  assert.equal(await keepPicture(kept, bytes), path);
  await assert.rejects(keepPicture(kept, Buffer.from("no picture at all")), ImageError);
  assert.equal((await readdir(kept)).length, 1);
  assert.match(shortName(path.split(/[\\/]/).at(-1) ?? ""), /^pasted-[0-9a-f]{8}\.png$/);
  assert.equal(shortName("harbour.png"), "harbour.png");
});

test("recent pairs are those of the jobs, newest first, each once with its last framing, of files that are there", async () => {
  const product = new PlayedProduct({ start: "", end: "", portrait: "", video: "" });
  const file = (name: string, plan?: CropPlan) => ({
    kind: "file" as const,
    path: join(folder, name),
    sourceSha256: "0",
    ...(plan && { plan }),
  });
  const job = (createdAt: number, start: ReturnType<typeof file>, end: ReturnType<typeof file>) => {
    const made = product.job({ state: "cancelled" }, { id: `job${createdAt}`, createdAt });
    return { ...made, order: { ...made.order, start, end } };
  };
  await Promise.all(["a.png", "b.png", "c.png"].map((name) => writeFile(join(folder, name), "")));
  const remote = product.job({ state: "cancelled" }, { createdAt: 9 });
  const jobs: Job[] = [
    { ...remote, order: { ...remote.order, start: { kind: "url", url: "https://a.test/x.png" } } },
    job(4, file("gone.png"), file("b.png")),
    job(3, file("a.png", left), file("b.png", blur)),
    job(2, file("c.png"), file("a.png")),
    job(1, file("a.png"), file("b.png")),
  ];
  assert.equal(usedPairs(jobs).length, 3);
  // All files that jobs name, that beside the address included, which the played product gives no name.
  const names = [...usedFiles(jobs)].map((path) => basename(path));
  assert.deepEqual(names.sort(), ["", "a.png", "b.png", "c.png", "gone.png"]);
  await assert.rejects(access(join(folder, "gone.png")));
  assert.deepEqual(await recentPairs(jobs), [
    {
      start: join(folder, "a.png"),
      end: join(folder, "b.png"),
      startName: "a.png",
      endName: "b.png",
      plans: { start: left, end: blur },
    },
    { start: join(folder, "c.png"), end: join(folder, "a.png"), startName: "c.png", endName: "a.png", plans: {} },
  ]);
});

test("an image keeps its framing on whichever side it comes to stand, also on both", () => {
  const apart = { ...pair, separate: true, plans: { start: left, end: blur } };
  const alike = { ...pair, plans: { start: left, end: blur } };
  for (const draft of [apart, alike]) {
    const cases: readonly (readonly [FormPatch, CropPlan, CropPlan])[] = [
      [{ end: "/a.png" }, left, left],
      [{ start: "/b.png" }, blur, blur],
      [{ start: "/b.png", end: "/a.png" }, blur, left],
    ];
    for (const [patch, start, end] of cases) {
      const after = patched(draft, patch);
      assert.deepEqual([planOf(after, "start"), planOf(after, "end")], [start, end], JSON.stringify(patch));
    }
  }
});

test("a frame of a video is taken whole, and the other image keeps its own framing", () => {
  for (const draft of [
    { ...pair, plans: { start: left, end: left } },
    { ...pair, separate: true, plans: { start: left, end: left } },
  ]) {
    const next = withFirstFrame(draft, "/frame.png");
    assert.deepEqual([next.start, planOf(next, "start"), planOf(next, "end")], ["/frame.png", centerCrop, left]);
    assert.equal(next.separate, true);
  }
  const untouched = withFirstFrame(pair, "/frame.png");
  assert.equal(untouched.separate, false);
  assert.deepEqual(planOf(untouched, "start"), centerCrop);
});

test("patches that waited one upon the other frame a later pair anew", () => {
  const state = initialState(
    {
      settings: { defaults: {}, hosting: "auto" },
      jobs: [],
      patches: [
        { start: "/a.png", end: "/b.png", prompt: "p", plans: { start: left, end: blur } },
        { start: "/c.png", end: "/d.png" },
      ],
    },
    undefined,
  );
  assert.deepEqual([state.draft.start, state.draft.end, state.draft.prompt], ["/c.png", "/d.png", "p"]);
  assert.deepEqual([planOf(state.draft, "start"), planOf(state.draft, "end")], [centerCrop, centerCrop]);
});
