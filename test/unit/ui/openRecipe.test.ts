import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { xmpBox } from "../../../src/output/xmp.ts";
import { job } from "../jobs/jobs.ts";
import { played, stage } from "./stage.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-recipes-"));
after(() => rm(folder, { recursive: true }));
const [project, outside] = [join(folder, "project"), join(folder, "outside")];

const recipe = JSON.stringify({ recipe: 1, video: { sha256: createHash("sha256").update("A").digest("hex") } });
beforeEach(async () => {
  await rm(project, { recursive: true, force: true });
  await rm(outside, { recursive: true, force: true });
  await mkdir(project);
  await mkdir(outside);
  stage.folders = [project];
});

async function put(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  return path;
}
const opened = () =>
  stage.commands.filter(({ command }) => command === "vscode.open").map(({ args: [uri] }) => String(uri));
const uri = (path: string) => String(played.vscode.Uri.file(path));

test("a renamed video's recipe is found in the workspace, one in its own folder before any other", async () => {
  const video = await put(join(outside, "renamed.mp4"), "A");
  stage.found = [await put(join(project, "a.flf.json"), recipe)];
  await played.openRecipe.openRecipe(video, []);
  stage.found.push(await put(join(outside, "b.flf.json"), recipe));
  await played.openRecipe.openRecipe(video, []);
  assert.deepEqual(opened(), [uri(join(project, "a.flf.json")), uri(join(outside, "b.flf.json"))]);
});

test("a recipe outside the workspace is found by the list of videos", async () => {
  const known = await put(join(outside, "made.flf.json"), recipe);
  const video = await put(join(project, "moved.mp4"), "A");
  const saved = { state: "saved", requestId: "r", video: join(outside, "made.mp4"), recipe: known } as const;
  await played.openRecipe.openRecipe(video, [job("one"), job("two", saved)]);
  assert.deepEqual(opened(), [uri(known)]);
});

test("a recipe is opened as it is, whatever is in it", async () => {
  await played.openRecipe.openRecipe(join(project, "A.FLF.JSON"), []);
  assert.deepEqual(opened(), [uri(join(project, "A.FLF.JSON"))]);
});

test("a recipe that is in the video alone becomes a document without a name", async () => {
  const box = xmpBox('{"prompt":"night falls"}', "") ?? assert.fail();
  const video = join(project, "alone.mp4");
  await writeFile(video, box);
  await played.openRecipe.openRecipe(video, []);
  assert.deepEqual(stage.drawn, [{ place: "document", text: '{"prompt":"night falls"}' }]);
  assert.deepEqual(opened(), []);
});

test("a video of nobody is told so in one sentence, and one that is gone, too", async () => {
  const video = await put(join(project, "holiday.mp4"), "B");
  stage.found = [await put(join(project, "a.flf.json"), recipe)];
  const gone = join(project, "gone.mp4");
  await assert.rejects(played.openRecipe.openRecipe(video, []), { problem: { code: "recipeUnknown", path: video } });
  await assert.rejects(played.openRecipe.openRecipe(gone, []), { problem: { code: "videoMissing", path: gone } });
  assert.deepEqual(opened(), []);
  assert.equal(
    played.problemSentences.problemText({ code: "recipeUnknown", path: video }).message,
    "No recipe was found for holiday.mp4: the video wasn’t made by this extension, or its recipe is neither in this workspace nor in the list of videos.",
  );
});
