import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { VideoOptions } from "../../../src/jobs/generate.ts";
import { recipeJobs } from "../../../src/jobs/recipeJobs.ts";
import { type RenderOptions, renderRecipe } from "../../../src/jobs/renderRecipe.ts";
import type { RecipeFile, Take } from "../../../src/recipes/file.ts";
import { type RequestFacts, requestOf } from "../../../src/recipes/fingerprint.ts";
import type { RecipeEntry } from "../../../src/recipes/recipeEntry.ts";
import type { RecipeState } from "../../../src/recipes/state.ts";
import type { Draft } from "../../../src/shared/model/draft.ts";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { problemOf } from "../../support/problems.ts";
import { job, order } from "./jobs.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-render-"));
after(() => rm(folder, { recursive: true }));
const path = join(folder, "hero.flf.json");
const facts = { start: { sha256: "aa" }, end: { sha256: "bb" } };
const recipe: RecipeFile = {
  start: { path: "a.png", crop: { mode: "crop", focus: { x: 0, y: 0.5 }, zoom: 2 } },
  end: { path: "b.png" },
  prompt: "Night falls.",
  parameters: { fps: 12, resolution: "480x480 (1:1)" },
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What an engine was asked to make of a recipe in a state. */
function played(state: RecipeState, more: Partial<RecipeFile> = {}, changes: Partial<RecipeEntry> = {}) {
  const file = { ...recipe, ...more };
  const entry: RecipeEntry = {
    ...{ path, root: folder, text: "", recipe: file, problems: [], request: requestOf(file, facts) },
    ...{ images: { start: join(folder, "a.png"), end: join(folder, "b.png") }, video: undefined, state },
    ...changes,
  };
  const made: { draft: Draft; options: VideoOptions | undefined }[] = [];
  const used: string[] = [];
  let declinedFrom = Number.POSITIVE_INFINITY;
  let failsFrom = Number.POSITIVE_INFINITY;
  const jobs = [job("newest", undefined, { order: { ...order, recipe: path } })];
  const render = (options?: RenderOptions) =>
    renderRecipe(
      {
        fresh: async () => entry,
        useTake: async (_, name) => void used.push(name),
        makeVideo: async (draft, options) => {
          made.push({ draft, options });
          if (made.length >= failsFrom) throw new ProblemError({ code: "capReached", cap: 1, spent: 1 });
          return made.length > declinedFrom ? undefined : `job${made.length}`;
        },
        jobs: () => jobs,
      },
      path,
      options,
    );
  return {
    made,
    used,
    render,
    failFrom: (take: number) => {
      failsFrom = take;
    },
    declineFrom: (take: number) => {
      declinedFrom = take;
    },
  };
}

const notRendered = { state: "notRendered" } as const;

test("a recipe is sent as it says: nothing of the user's settings, what was seen, and the job that was known as its newest", async () => {
  const { render, made } = played(notRendered, { parameters: { ...recipe.parameters, seed: 7 } });
  assert.deepEqual(await render(), { jobs: ["job1"] });
  assert.deepEqual(made, [
    {
      draft: {
        start: { kind: "file", path: join(folder, "a.png") },
        end: { kind: "file", path: join(folder, "b.png") },
        prompt: "Night falls.",
        parameters: { fps: 12, resolution: "480x480 (1:1)", seed: 7 },
        isComplete: true,
        plans: { start: recipe.start.crop },
        seen: { start: "aa", end: "bb" },
      },
      options: { recipe: { path, last: "newest", takes: [] }, askPayment: undefined },
    },
  ]);
});

test("each further take has a seed of its own, and knows the one before as the newest", async () => {
  const { render, made, declineFrom } = played(notRendered, { parameters: { ...recipe.parameters, seed: 7 } });
  declineFrom(3);
  assert.deepEqual(await render({ takes: 5 }), { jobs: ["job1", "job2", "job3"] });
  assert.deepEqual(
    made.map(({ draft }) => draft.parameters.seed),
    [7, undefined, undefined, undefined],
  );
  assert.deepEqual(
    made.map(({ options }) => options?.recipe?.last),
    ["newest", "job1", "job2", "job3"],
  );
});

test("nothing is made of what is being rendered, up to date or broken; more takes are wherever it can be rendered", async () => {
  const rendering = played({ state: "rendering", job: "j", needsUser: false });
  assert.deepEqual(await rendering.render(), { jobs: ["j"] });
  const done = played({ state: "upToDate", video: "there" });
  assert.deepEqual(await problemOf(done.render()), { code: "recipeUpToDate", path });
  const broken = played(notRendered, {}, { recipe: undefined, request: undefined });
  assert.deepEqual(await problemOf(broken.render()), { code: "recipeBroken", path, errors: 1 });
  const lost = played(notRendered, {}, { images: { start: join(folder, "a.png") } });
  assert.deepEqual(await problemOf(lost.render({ takes: 2 })), { code: "recipeBroken", path, errors: 1 });
  assert.deepEqual(
    [rendering, done, broken, lost].flatMap(({ made }) => made),
    [],
  );
  await rendering.render({ takes: 1 });
  await done.render({ takes: 1 });
  assert.deepEqual([rendering.made.length, done.made.length], [1, 1]);
  for (const video of ["missing", "changed", "unknown"] as const) {
    const gone = played({ state: "upToDate", video });
    await gone.render();
    assert.equal(gone.made.length, 1, video);
  }
});

const take = (
  file: string,
  content: string,
  rendered: Partial<RequestFacts> & { parameters: { seed: number } },
): Take => ({
  video: { file, sha256: sha256(content), codec: "avc", width: 1, height: 1, frames: 1, fps: 1, duration: 1 },
  rendered: {
    model: modelId,
    start: { ...facts.start, ...(recipe.start.crop && { crop: recipe.start.crop }) },
    end: facts.end,
    prompt: "Night falls.",
    ...rendered,
  },
});
const stale = { state: "stale", changed: ["prompt"] } as const;
const parameters = { fps: 12, resolution: "480x480 (1:1)" } as const;

test("a take that is what the recipe says counts again while its file is the one that was saved", async () => {
  await writeFile(join(folder, "hero-001.mp4"), "one");
  await writeFile(join(folder, "hero-002.mp4"), "two");
  const takes = [
    take("hero-002.mp4", "two", { parameters: { ...parameters, seed: 5 }, prompt: "Day breaks." }),
    take("hero-003.mp4", "three", { parameters: { ...parameters, seed: 5 } }),
    take("hero-001.mp4", "one", { parameters: { ...parameters, seed: 6 } }),
  ];
  const any = played(stale, { takes });
  assert.deepEqual(await any.render(), { jobs: [], reused: "hero-001.mp4" });
  assert.deepEqual([any.used, any.made], [["hero-001.mp4"], []]);
  // One that the recipe names must have that seed.
  const other = played(stale, { takes, parameters: { ...parameters, seed: 7 } });
  assert.deepEqual(await other.render(), { jobs: ["job1"] });
  const same = played(stale, { takes, parameters: { ...parameters, seed: 6 } });
  assert.deepEqual(await same.render(), { jobs: [], reused: "hero-001.mp4" });
  await writeFile(join(folder, "hero-001.mp4"), "changed");
  const changed = played(stale, { takes });
  assert.deepEqual(await changed.render(), { jobs: ["job1"] });
  // A name that leads elsewhere is one in the recipe's folder.
  const outside = played(stale, { takes: [take("../../etc/hosts", "x", { parameters: { ...parameters, seed: 6 } })] });
  assert.deepEqual(await outside.render(), { jobs: ["job1"] });
});

test("a video that is gone is rendered with the seed that the recipe names", async () => {
  const gone = played({ state: "upToDate", video: "missing" }, { parameters: { ...parameters, seed: 42 } });
  await gone.render();
  assert.equal(gone.made[0]?.draft.parameters.seed, 42);
  await gone.render({ takes: 1 });
  assert.equal(gone.made[1]?.draft.parameters.seed, undefined);
});

test("takes that were made are told although the next one fails", async () => {
  const { render, failFrom } = played(notRendered);
  failFrom(3);
  const { jobs, failed } = await render({ takes: 5 });
  assert.deepEqual(jobs, ["job1", "job2"]);
  assert.match(String(failed), /capReached/);
  const first = played(notRendered);
  first.failFrom(1);
  await assert.rejects(first.render({ takes: 2 }), /capReached/);
});

test("a job that was given up although its video may be paid for keeps its recipe from being rendered anew", () => {
  const of = (id: string, progress: Parameters<typeof job>[1]) =>
    job(id, progress, { order: { ...order, recipe: path } });
  const stopped = of("stopped", { state: "failed", requestId: "r", problem: { code: "watchStopped" } });
  const lost = of("lost", { state: "failed", problem: { code: "submitUnclear", reason: "x" } });
  const refused = of("refused", { state: "failed", problem: { code: "noBalance" } });
  const saved = of("saved", { state: "saved", requestId: "s", video: "/v.mp4", recipe: path });
  const kindOf = (...jobs: Parameters<typeof recipeJobs>[0][number][]) => recipeJobs(jobs).get(path)?.job;
  for (const [id, jobs] of [
    ["stopped", [stopped]],
    ["lost", [refused, lost, saved]],
  ] as const) {
    assert.deepEqual(kindOf(...jobs), { kind: "active", id, needsUser: true });
  }
  assert.equal(kindOf(refused)?.kind, "failed");
  assert.equal(kindOf(saved, stopped), undefined, "a later video settles it");
});
