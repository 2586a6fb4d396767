import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { played, stage } from "./stage.ts";

let folder: string;
let path: string;
/** The videos that other recipes use. */
let used: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-takes-"));
  path = join(folder, "hero.flf.json");
  used = [];
  stage.deleted.length = 0;
  stage.hasTrash = true;
  for (const name of ["hero-001", "hero-002", "hero-003"]) await writeFile(join(folder, `${name}.mp4`), name);
  await writeFile(path, text);
});
afterEach(async () => {
  stage.recipes.documents.clear();
  stage.recipes.applied.length = 0;
  await rm(folder, { recursive: true, force: true });
});

const takes = () =>
  new played.recipeTakes.RecipeTakes({
    index: { list: () => used.map((video) => Object.assign(Object.create(null), { path: "/other", video })) },
    alone: async (work) => work(),
  });
const take = (name: string, seed: number) => ({
  video: {
    ...{ file: `${name}.mp4`, sha256: createHash("sha256").update(name).digest("hex"), codec: "h264" },
    ...{ width: 720, height: 480, frames: 81, fps: 16, duration: 5 },
  },
  requestId: `r${seed}`,
  rendered: { model: "m", start: {}, end: {}, parameters: { seed } },
});
const text = `{
  // The hero of the first scene.
  "start": "a.png", "end": "b.png", "prompt": "night falls",
${JSON.stringify({ ...take("hero-001", 1), takes: [take("hero-002", 2), take("hero-003", 3)] }, null, 2).slice(2)}
`;
const recipe = async () => JSON.parse((await readFile(path, "utf8")).replace(/^ *\/\/.*$/m, ""));
const isThere = (name: string) =>
  access(join(folder, `${name}.mp4`)).then(
    () => true,
    () => false,
  );
const listed = async () => {
  const { video, takes: others = [] } = await recipe();
  return [video.file, ...others.map((each: ReturnType<typeof take>) => each.video.file)];
};

test("another take counts by its request or its file; no file but the recipe changes", async () => {
  await takes().use(path, { requestId: "r2" });
  assert.deepEqual(await listed(), ["hero-002.mp4", "hero-001.mp4", "hero-003.mp4"]);
  await takes().use(path, { file: "hero-003.mp4" });
  assert.deepEqual(await listed(), ["hero-003.mp4", "hero-001.mp4", "hero-002.mp4"]);
  assert.match(await readFile(path, "utf8"), /The hero of the first scene/);
  assert.deepEqual(await Promise.all(["hero-001", "hero-002", "hero-003"].map(isThere)), [true, true, true]);
  await assert.rejects(takes().use(path, { requestId: "r9" }), { problem: { code: "takeUnknown", path } });
});

test("the user chooses among the takes by what is known of them", async () => {
  stage.picked = "hero-002.mp4";
  await takes().choose(path);
  assert.deepEqual(stage.rows.at(-1), ["hero-001.mp4 (in use)", "hero-002.mp4", "hero-003.mp4"]);
  assert.equal((await listed())[0], "hero-002.mp4");
});

test("an open recipe is changed in its editor", async () => {
  stage.recipes.documents.set(path, text);
  await takes().use(path, { requestId: "r2" });
  assert.equal(stage.recipes.applied.length, 1);
  assert.equal(await readFile(path, "utf8"), text);
});

test("what is no recipe, or cannot be written, is told", async () => {
  await writeFile(path, "{");
  await assert.rejects(takes().use(path, { requestId: "r2" }), { problem: { code: "notARecipe", path } });
});

test("tidying asks with names and size, and moves the others to the trash", async () => {
  stage.answers.push(undefined);
  await takes().tidy(path);
  assert.deepEqual(stage.deleted, []);
  assert.deepEqual((await listed()).length, 3);
  stage.answers.push("Move to Trash");
  await takes().tidy(path);
  const asked = stage.messages.findLast(({ buttons }) => buttons.includes("Move to Trash"));
  assert.equal(asked?.message, "Move 2 videos (0 MB) to the trash?");
  assert.match(asked?.detail ?? "", /^hero-002\.mp4, hero-003\.mp4\n/);
  assert.deepEqual(
    stage.deleted,
    ["hero-002", "hero-003"].map((name) => ({ path: join(folder, `${name}.mp4`), useTrash: true })),
  );
  assert.deepEqual(await listed(), ["hero-001.mp4"]);
  assert.equal(await isThere("hero-001"), true);
});

test("a changed file, one that another recipe uses, and the picked one are left alone", async () => {
  await writeFile(join(folder, "hero-002.mp4"), "edited");
  used = [join(folder, "hero-003.mp4")];
  await takes().tidy(path);
  assert.match(stage.messages.at(-1)?.message ?? "", /Left alone, .*: hero-002\.mp4, hero-003\.mp4\./);
  assert.deepEqual([stage.deleted, (await listed()).length], [[], 3]);
});

test("a file that changes while the question is open stays", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  stage.held = promise;
  const tidied = takes().tidy(path);
  await new Promise((done) => setTimeout(done, 100));
  await writeFile(join(folder, "hero-002.mp4"), "edited");
  resolve("Move to Trash");
  await tidied;
  stage.held = undefined;
  assert.deepEqual(await listed(), ["hero-001.mp4", "hero-002.mp4"]);
  assert.equal(await isThere("hero-002"), true);
});

test("without a trash nothing is deleted for good unless the user says so", async () => {
  stage.hasTrash = false;
  stage.answers.push("Move to Trash", undefined);
  await takes().tidy(path);
  assert.deepEqual([stage.deleted, (await listed()).length], [[], 3]);
  stage.answers.push("Move to Trash", "Delete Permanently");
  await takes().tidy(path);
  const asked = stage.messages.findLast(({ buttons }) => buttons.includes("Delete Permanently"));
  assert.match(asked?.detail ?? "", /This file system has no trash\.\nThis can’t be undone\./);
  assert.deepEqual(
    stage.deleted.map(({ useTrash }) => useTrash),
    [false, false],
  );
  assert.deepEqual(await listed(), ["hero-001.mp4"]);
});

test("takes whose videos are gone come off the recipe, after a question", async () => {
  await rm(join(folder, "hero-002.mp4"));
  await rm(join(folder, "hero-003.mp4"));
  stage.answers.push("Tidy Takes");
  await takes().tidy(path);
  assert.deepEqual([stage.deleted, await listed()], [[], ["hero-001.mp4"]]);
});
