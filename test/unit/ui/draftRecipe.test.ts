import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { played, stage } from "./stage.ts";

let root: string;
let form: unknown;
let draft: InstanceType<typeof played.draftRecipe.DraftRecipe>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "wan-draft-"));
  await mkdir(join(root, "shots"));
  stage.folders = [root];
  form = kept({ start: join(root, "images/a_start.png"), end: join(root, "images/a_end.png") });
  draft = new played.draftRecipe.DraftRecipe({ form: () => form, alone: async (work) => work() });
});
afterEach(() => rm(root, { recursive: true }));

const kept = (images: object) => ({
  revision: 1,
  draft: { ...images, prompt: "Night falls.", parameters: { fps: "12", seed: "not a number" } },
});
const recipeIn = async (path: string) => JSON.parse(await readFile(path, "utf8"));
const written = {
  recipe: 1,
  start: "../images/a_start.png",
  end: "../images/a_end.png",
  prompt: "Night falls.",
  parameters: { fps: 12 },
};

test("a draft becomes a new recipe where the user says, and is shown; fields that are wrong are left out", async () => {
  const path = join(root, "shots", "night.flf.json");
  stage.saveDialogs.push(path);
  await draft.save();
  assert.deepEqual(await recipeIn(path), written);
  assert.equal(stage.commands.at(-1)?.command, "vscode.open");
});

test("it is saved into the recipe that it came from, whose other keys stay; a file that is there is never replaced", async () => {
  const path = join(root, "shots", "night.flf.json");
  await writeFile(path, '{ "mine": 1, "start": "x.png", "end": "y.png", "prompt": "" }');
  stage.saveDialogs.push(path);
  await draft.save();
  const { recipe: _, ...rest } = written;
  assert.deepEqual(await recipeIn(path), { mine: 1, ...rest });
  form = { ...kept({ start: join(root, "shots/b.png"), end: join(root, "shots/b.png") }) };
  stage.nextPicks.push("Save into night.flf.json");
  await draft.save();
  assert.equal((await recipeIn(path)).start, "b.png");
});

test("without both images, or with one outside the workspace, nothing is written", async () => {
  form = kept({ start: join(root, "a.png") });
  await draft.save();
  assert.match(stage.messages.at(-1)?.message ?? "", /Choose a start and an end image/);
  form = "nonsense";
  await draft.save();
  form = kept({ start: join(root, "a.png"), end: "/elsewhere/b.png" });
  const path = join(root, "out.flf.json");
  stage.saveDialogs.push(path);
  await assert.rejects(draft.save(), { problem: { code: "outsideWorkspace", path: "/elsewhere/b.png" } });
  await assert.rejects(readFile(path));
});
