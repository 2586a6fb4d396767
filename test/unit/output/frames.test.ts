import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { saveFrame } from "../../../src/output/frames.ts";
import { videoSnippet } from "../../../src/output/snippet.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

const folder = await mkdtemp(join(tmpdir(), "flf-frames-"));
after(() => rm(folder, { recursive: true }));

test("a frame is kept beside its video, and nothing is ever replaced", async () => {
  const video = join(folder, "dawn.v2.mp4");
  const [one, other] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
  assert.equal(await saveFrame(video, 40, one), join(folder, "dawn.v2-frame-0040.png"));
  assert.equal(await saveFrame(video, 40, one), join(folder, "dawn.v2-frame-0040.png"));
  assert.equal(await saveFrame(video, 40, other), join(folder, "dawn.v2-frame-0040-2.png"));
  await writeFile(join(folder, "dawn.v2-frame-0007.png"), "the user's own");
  assert.equal(await saveFrame(video, 7, one), join(folder, "dawn.v2-frame-0007-2.png"));
  assert.equal(await readFile(join(folder, "dawn.v2-frame-0007.png"), "utf8"), "the user's own");
  assert.deepEqual((await readdir(folder)).sort(), [
    "dawn.v2-frame-0007-2.png",
    "dawn.v2-frame-0007.png",
    "dawn.v2-frame-0040-2.png",
    "dawn.v2-frame-0040.png",
  ]);
});

test("a folder that is gone is said to be", async () => {
  await assert.rejects(saveFrame(join(folder, "gone", "a.mp4"), 1, Uint8Array.of(1)), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual(error.problem, { code: "folderUnusable", path: join(folder, "gone"), reason: "missing" });
    return true;
  });
});

test("a snippet points from the document to the video", () => {
  const video = "/p/media/dawn & dusk #1.mp4";
  assert.equal(
    videoSnippet(video, "/p/docs/readme.md"),
    '<video src="../media/dawn%20%26%20dusk%20%231.mp4" title="dawn &#38; dusk #1.mp4" controls loop muted playsinline></video>',
  );
  assert.match(videoSnippet(video, "/p/media/index.html"), /src="dawn%20%26%20dusk%20%231\.mp4"/);
  assert.match(videoSnippet(video, undefined), /src="dawn%20%26/);
});
