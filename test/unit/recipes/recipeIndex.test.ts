import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { RecipeEntry } from "../../../src/recipes/recipeEntry.ts";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { Workspace } from "./workspace.ts";

let space: Workspace;
beforeEach(async () => {
  space = await Workspace.open();
  for (const name of ["a", "b"]) await space.image(`images/${name}.png`);
});
afterEach(() => space.dispose());

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const video = { codec: "h264", width: 1280, height: 720, frames: 81, fps: 16, duration: 5 };
/** What the program adds after a render of the images `a` and `b`. */
const rendered = (file = "hero-001.mp4") => ({
  video: { file, sha256: sha256("the video"), ...video },
  requestId: `request of ${file}`,
  rendered: {
    model: modelId,
    start: { sha256: sha256("image 1280x720 images/a.png") },
    end: { sha256: sha256("image 1280x720 images/b.png") },
    prompt: "night falls",
    parameters: { seed: 1, resolution: "1280x720 (16:9)" },
  },
});

async function known(...names: readonly string[]): Promise<RecipeEntry[]> {
  await space.index.whenKnown();
  return names.map((name) => space.index.get(space.path(name)) ?? assert.fail(`${name} is not in the index`));
}

async function stateOf(name: string): Promise<RecipeEntry["state"]> {
  const [entry] = await known(name);
  return entry?.state ?? assert.fail();
}

test("a recipe is not rendered, or says what changed since its render", async () => {
  const paths = [await space.recipe("new.flf.json"), await space.recipe("hero.flf.json", rendered())];
  await space.write("hero-001.mp4", "the video");
  space.index.set(paths);
  assert.deepEqual(await stateOf("new.flf.json"), { state: "notRendered" });
  assert.equal((await stateOf("hero.flf.json")).state, "upToDate", JSON.stringify(await stateOf("hero.flf.json")));
  await space.image("images/b.png", "another");
  space.index.filesChanged([space.path("images/b.png")]);
  assert.deepEqual(await stateOf("hero.flf.json"), { state: "stale", changed: ["end"] });
  assert.deepEqual(await stateOf("new.flf.json"), { state: "notRendered" });
});

test("a checkout that gives an image its earlier content makes the recipe up to date again", async () => {
  space.index.set([await space.recipe("hero.flf.json", rendered())]);
  await space.image("images/a.png", "another");
  space.index.filesChanged([space.path("images/a.png")]);
  assert.equal((await stateOf("hero.flf.json")).state, "stale");
  await space.image("images/a.png");
  space.index.filesChanged([space.path("images/a.png")]);
  assert.equal((await stateOf("hero.flf.json")).state, "upToDate");
});

test("what is typed counts before it is saved, and what is rendered is what is on disk", async () => {
  const path = await space.recipe("hero.flf.json", rendered());
  space.index.set([path]);
  assert.equal((await stateOf("hero.flf.json")).state, "upToDate");
  space.edited.set(path, JSON.stringify({ start: "images/a.png", end: "images/b.png", prompt: "day", ...rendered() }));
  space.index.touch([path]);
  assert.deepEqual(await stateOf("hero.flf.json"), { state: "stale", changed: ["prompt"] });
  assert.equal((await space.index.fresh(path)).state.state, "upToDate");
});

test("one changed image concerns the recipes that name it, and is read once", async () => {
  const paths = await Promise.all(Array.from({ length: 20 }, (_, index) => space.recipe(`r${index}.flf.json`)));
  const one = await space.recipe("one.flf.json", { end: "images/c.png" });
  await space.image("images/c.png");
  space.index.set([...paths, one]);
  await known("one.flf.json");
  assert.equal(space.contents.length, 3);
  space.texts.length = 0;
  await space.image("images/c.png", "another");
  space.index.filesChanged([space.path("images/c.png"), space.path("images/unrelated.png")]);
  await known("one.flf.json");
  assert.deepEqual(space.texts, [one]);
  assert.equal(space.contents.length, 4);
});

test("a missing image is an error at its place, and gone as soon as it is there", async () => {
  space.index.set([await space.recipe("hero.flf.json", { start: "images/none.png" })]);
  const [entry] = await known("hero.flf.json");
  assert.equal(entry?.state.state, "broken");
  const [problem] = entry?.problems ?? [];
  assert.deepEqual(problem?.code === "imageProblem" && [problem.side, problem.problem.code], ["start", "imageMissing"]);
  assert.equal(entry?.text.slice(problem?.range.offset).startsWith('"images/none.png"'), true);
  await space.image("images/none.png");
  space.index.imagesCreated([space.path("images/none.png")]);
  assert.equal((await stateOf("hero.flf.json")).state, "notRendered");
});

const foundIn = (entry: RecipeEntry | undefined) =>
  entry?.problems.flatMap(({ fixes }) =>
    fixes.flatMap((fix) => (fix.kind === "edit" && fix.how === "found" ? [fix.shown] : [])),
  );

test("an image that was renamed is found: by its content, also where nothing tells of it but the disk", async () => {
  space.index.set([await space.recipe("shots/hero.flf.json", { start: "../images/a.png", end: "../images/b.png" })]);
  await known("shots/hero.flf.json");
  for (const name of ["other", "moved"]) await space.image(`images/${name}.png`);
  await rename(space.path("images/a.png"), space.path("images/moved.png"));
  space.index.imagesCreated([space.path("images/other.png"), space.path("images/moved.png")]);
  space.index.filesChanged([space.path("images/a.png")]);
  const [entry] = await known("shots/hero.flf.json");
  assert.deepEqual(foundIn(entry), ["../images/moved.png"]);
});

test("an image of a rendered recipe is found in a window that never saw it at its old name", async () => {
  await rename(space.path("images/a.png"), space.path("images/moved.png"));
  space.index.set([await space.recipe("hero.flf.json", rendered())]);
  assert.deepEqual(foundIn((await known("hero.flf.json"))[0]), []);
  space.index.imagesCreated([space.path("images/moved.png")]);
  assert.deepEqual(foundIn((await known("hero.flf.json"))[0]), ["images/moved.png"]);
});

test("a renamed folder of images is followed by its name", async () => {
  space.index.set([await space.recipe("hero.flf.json")]);
  await known("hero.flf.json");
  await rename(space.path("images"), space.path("pictures"));
  space.index.renamed([{ from: space.path("images"), to: space.path("pictures") }]);
  const [entry] = await known("hero.flf.json");
  assert.deepEqual(foundIn(entry), ["pictures/a.png", "pictures/b.png"]);
});

test("a folder that goes takes its recipes and images with it", async () => {
  space.index.set([await space.recipe("hero.flf.json"), await space.recipe("old/gone.flf.json")]);
  await known("hero.flf.json", "old/gone.flf.json");
  for (const name of ["old", "images"]) await rm(space.path(name), { recursive: true });
  space.index.foldersChanged([space.path("old"), space.path("images")]);
  assert.equal((await stateOf("hero.flf.json")).state, "broken");
  assert.deepEqual(
    space.index.list().map(({ path }) => path),
    [space.path("hero.flf.json")],
  );
});

test("two recipes with the same video are both told, until one of them has another", async () => {
  const paths = [await space.recipe("one.flf.json", rendered()), await space.recipe("two.flf.json", rendered())];
  space.index.set(paths);
  const codes = (entry: RecipeEntry | undefined) => entry?.problems.map(({ code }) => code);
  assert.deepEqual((await known("one.flf.json", "two.flf.json")).map(codes), [["videoShared"], ["videoShared"]]);
  await space.recipe("two.flf.json");
  space.index.touch([space.path("two.flf.json")]);
  assert.deepEqual((await known("one.flf.json", "two.flf.json")).map(codes), [[], []]);
});

test("a picked video is there or missing; whether it is its very bytes is looked at before a render", async () => {
  const path = await space.recipe("hero.flf.json", rendered());
  space.index.set([path]);
  assert.deepEqual(await stateOf("hero.flf.json"), { state: "upToDate", video: "missing" });
  await space.write("hero-001.mp4", "the video");
  space.index.filesChanged([space.path("hero-001.mp4")]);
  assert.deepEqual(await stateOf("hero.flf.json"), { state: "upToDate", video: "unknown" });
  assert.deepEqual((await space.index.fresh(path)).state, { state: "upToDate", video: "there" });
  await space.write("hero-001.mp4", "another video");
  assert.deepEqual((await space.index.fresh(path)).state, { state: "upToDate", video: "changed" });
});

test("jobs count at once, and only for what they concern", async () => {
  const path = await space.recipe("hero.flf.json");
  space.index.set([path, await space.recipe("other.flf.json")]);
  await known("hero.flf.json");
  space.told.length = 0;
  space.jobs = new Map([[path, { job: { kind: "active", id: "j1", needsUser: false } }]]);
  space.index.refresh();
  assert.deepEqual(await stateOf("hero.flf.json"), { state: "rendering", job: "j1", needsUser: false });
  assert.deepEqual(space.told, [["hero.flf.json"]]);
  assert.equal(space.texts.length, 2);
});

test("a recipe that is excluded is none any more, though its file is there", async () => {
  space.index.set([await space.recipe("hero.flf.json"), await space.recipe("other.flf.json")]);
  await known("hero.flf.json", "other.flf.json");
  space.index.set([space.path("hero.flf.json")]);
  await space.index.whenKnown();
  assert.equal(space.index.get(space.path("other.flf.json")), undefined);
  space.index.filesChanged([space.path("images/a.png")]);
  await space.index.whenKnown();
  assert.equal(space.index.list().length, 1);
});

test("a link that leads out of the workspace is not followed", async () => {
  const outside = await Workspace.open();
  try {
    await symlink(await outside.image("secret.png"), space.path("images/link.png"));
    space.index.set([await space.recipe("hero.flf.json", { start: "images/link.png" })]);
    assert.equal((await stateOf("hero.flf.json")).state, "broken");
    assert.ok(!space.contents.some((path) => path.includes("link") || path.includes("secret")));
  } finally {
    await outside.dispose();
  }
});

test("a recipe that is no file, too long or unreadable stops no other", async () => {
  await mkdir(space.path("folder.flf.json"));
  await writeFile(space.path("long.flf.json"), "[".repeat(10 * 1024 * 1024));
  await writeFile(space.path("bytes.flf.json"), Buffer.from([0xff, 0xfe, 0x00, 0x7b]));
  await writeFile(space.path("marked.flf.json"), '\uFEFF{ "start": 1 }');
  space.index.set([
    ...["folder.flf.json", "long.flf.json", "bytes.flf.json", "marked.flf.json"].map((name) => space.path(name)),
    await space.recipe("hero.flf.json"),
  ]);
  assert.equal((await stateOf("hero.flf.json")).state, "notRendered");
  const codes = space.index
    .list()
    .map(({ path, problems }) => [path.slice(space.folder.length + 1), problems[0]?.code]);
  assert.deepEqual(codes.slice(0, 1), [["bytes.flf.json", "syntaxInvalid"]]);
  assert.deepEqual(codes[2], ["long.flf.json", "recipeTooLarge"]);
  const marked = space.index.get(space.path("marked.flf.json"));
  assert.ok(marked?.problems.some(({ range }) => marked.text.slice(range.offset, range.offset + 1) === "1"));
});

test("a file that is written while it is read is read again", async () => {
  space.index.set([await space.recipe("hero.flf.json", rendered())]);
  const path = space.path("images/a.png");
  const writing = (async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await space.image("images/a.png", `turn ${turn}`);
      space.index.filesChanged([path]);
      await new Promise((resolve) => setTimeout(resolve, 7));
    }
  })();
  await writing;
  await space.image("images/a.png", "the last");
  space.index.filesChanged([path]);
  const [entry] = await known("hero.flf.json");
  assert.equal(entry?.request?.start.sha256, sha256("image 1280x720 the last"));
});

test("what was read is not read again by a later window, unless it has changed", async () => {
  space.index.set([await space.recipe("hero.flf.json", rendered())]);
  assert.equal((await stateOf("hero.flf.json")).state, "upToDate");
  await space.image("images/b.png", "another");
  const next = space.reopened();
  next.index.set([space.path("hero.flf.json")]);
  await next.index.whenKnown();
  assert.deepEqual(next.contents, [join(space.folder, "images/b.png")]);
  assert.deepEqual(next.index.get(space.path("hero.flf.json"))?.state, { state: "stale", changed: ["end"] });
  next.index.dispose();
});

test("what another program has kept in the memory's place is ignored", async () => {
  for (const text of [
    "",
    "{",
    "[]",
    '{"version":2}',
    '{"version":1,"files":[1,["a"],null]}',
    '{"version":1,"files":3}',
  ]) {
    space.index.memory.restore(text);
  }
  space.index.set([await space.recipe("hero.flf.json")]);
  assert.equal((await stateOf("hero.flf.json")).state, "notRendered");
});

test("what is read anew for rendering knows what other windows have begun, told or not", async () => {
  const path = await space.recipe("hero.flf.json");
  space.index.set([path]);
  await known("hero.flf.json");
  space.jobs = new Map([[path, { job: { kind: "active", id: "j1", needsUser: false } }]]);
  assert.deepEqual((await space.index.fresh(path)).state, { state: "rendering", job: "j1", needsUser: false });
});
