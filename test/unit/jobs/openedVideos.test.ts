import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, it } from "node:test";
import type { Job } from "../../../src/jobs/job.ts";
import { isVideoFile, jobsAnd, OpenedVideos } from "../../../src/jobs/openedVideos.ts";
import { refused } from "../../support/problems.ts";
import { job } from "./jobs.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-opened-"));
after(() => rm(folder, { recursive: true }));
const videos = join(folder, "videos");
await mkdir(videos);

const recipe = {
  recipe: 1,
  model: "m",
  prompt: "Night falls",
  start: { path: "../images/a.png", sha256: "aa", conformedSha256: "bb" },
  end: { url: "https://images.example/b.png" },
  parameters: { seed: 7, fps: 24 },
  video: { file: "made.mp4", sha256: "cc", codec: "avc", width: 2, height: 2, frames: 81, fps: 24, duration: 3.4 },
  requestId: "r-1",
  createdAt: "2026-03-01T00:00:00.000Z",
  savedAt: "2026-03-01T00:01:00.000Z",
  cost: 0.25,
};

let files = 0;
/** A video and its recipe in files of their own; what is undefined is not written. */
async function written(parts: {
  video?: string;
  recipe?: object | string;
  ending?: string;
}): Promise<{ video: string; recipe: string }> {
  files += 1;
  const stem = join(videos, `v${files}`);
  const paths = { video: `${stem}${parts.ending ?? ".mp4"}`, recipe: `${stem}.flf.json` };
  if (parts.video !== undefined) await writeFile(paths.video, parts.video);
  if (parts.recipe !== undefined) {
    await writeFile(paths.recipe, typeof parts.recipe === "string" ? parts.recipe : JSON.stringify(parts.recipe));
  }
  return paths;
}

/** What a window leaves for the next one. */
function memory(paths?: unknown) {
  return {
    paths,
    get() {
      return this.paths;
    },
    put(now: unknown) {
      this.paths = now;
    },
  };
}

const openedVideos = (known: readonly Job[] = [], kept = memory()) =>
  new OpenedVideos(() => known, { service: () => "https://service.example", hosting: () => "s3" }, kept);

describe("a video that is opened from its file", () => {
  it("is a saved job with all that its recipe tells, whichever of the two is opened", async () => {
    const paths = await written({ video: "bytes", recipe });
    const opened = openedVideos();
    const id = await opened.open(paths.video);
    assert.equal(await opened.open(paths.recipe), id);
    assert.equal(opened.list().length, 1);
    const { order, progress, createdAt } = opened.get(id) ?? assert.fail();
    assert.deepEqual(progress, { state: "saved", requestId: "r-1", ...paths, cost: 0.25 });
    assert.deepEqual(order.start, {
      kind: "file",
      path: join(folder, "images/a.png"),
      sourceSha256: "aa",
      sha256: "bb",
    });
    assert.deepEqual(order.end, { kind: "url", url: "https://images.example/b.png" });
    assert.equal(order.prompt, "Night falls");
    assert.deepEqual(order.parameters, { seed: 7, fps: 24 });
    assert.equal(order.hosting, "s3");
    assert.equal(createdAt, Date.parse(recipe.createdAt));
  });

  it("needs no recipe, and a recipe needs no video", async () => {
    const opened = openedVideos();
    const alone = await written({ video: "bytes", ending: ".webm" });
    const { order } = opened.get(await opened.open(alone.video)) ?? assert.fail();
    assert.deepEqual([order.start, order.end, order.prompt], [{ kind: "unknown" }, { kind: "unknown" }, ""]);
    const without = await written({ recipe });
    const { progress } = opened.get(await opened.open(without.recipe)) ?? assert.fail();
    assert.ok(progress.state === "saved");
    assert.equal(progress.video, without.video);
  });

  it("is found under another name that it was given together with its recipe", async () => {
    const paths = await written({ video: "bytes", recipe, ending: ".webm" });
    const opened = openedVideos();
    const { progress } = opened.get(await opened.open(paths.recipe)) ?? assert.fail();
    assert.ok(progress.state === "saved" && progress.video === paths.video);
  });

  it("is never one of another name, whatever a recipe says of it", async () => {
    const opened = openedVideos();
    const other = await written({ video: "bytes" });
    const copied = await written({ recipe: { ...recipe, video: { ...recipe.video, file: basename(other.video) } } });
    const { progress } = opened.get(await opened.open(copied.recipe)) ?? assert.fail();
    assert.ok(progress.state === "saved" && progress.video === copied.video);
    // Two videos beside one recipe: it is that of the one it names.
    const named = await written({ video: "bytes", recipe: "{}", ending: ".webm" });
    const beside = named.video.replace(".webm", ".mp4");
    await writeFile(beside, "others");
    await writeFile(
      named.recipe,
      JSON.stringify({ ...recipe, video: { ...recipe.video, file: basename(named.video) } }),
    );
    const of = async (path: string) => opened.get(await opened.open(path)) ?? assert.fail();
    const right = await of(named.recipe);
    assert.ok(right.progress.state === "saved" && right.progress.video === named.video);
    assert.equal((await of(beside)).order.prompt, "");
    assert.equal((await of(named.video)).order.prompt, "Night falls");
  });

  it("tells nothing that no recipe of ours can tell", async () => {
    const odd = { createdAt: "+275760-01-01T00:00:00.000Z", requestId: "r\n; rm -rf ~" };
    const end = { path: `${"../".repeat(100_000)}x.png` };
    const paths = await written({ video: "bytes", recipe: { ...recipe, ...odd, start: { path: "a\0.png" }, end } });
    const opened = openedVideos();
    const { order, progress, createdAt } = opened.get(await opened.open(paths.video)) ?? assert.fail();
    assert.deepEqual([order.start, order.end], [{ kind: "unknown" }, { kind: "unknown" }]);
    assert.ok(progress.state === "saved" && progress.requestId === "");
    assert.ok(createdAt <= Date.now());
  });

  it("is the journal's own job if that still has it", async () => {
    const paths = await written({ video: "bytes", recipe });
    const own = job("own", { state: "saved", requestId: "r-1", ...paths });
    const opened = openedVideos([own]);
    assert.equal(await opened.open(paths.recipe), "own");
    assert.deepEqual(opened.list(), []);
  });

  it("keeps its place among others of the same time, in whatever order they were opened", async () => {
    const paths = [await written({ video: "1", recipe }), await written({ video: "2", recipe })];
    const ids: string[][] = [];
    for (const order of [paths, paths.toReversed()]) {
      const opened = openedVideos();
      for (const { video } of order) await opened.open(video);
      const listed = jobsAnd(opened, openedVideos()).list();
      assert.deepEqual(opened.list(), listed);
      ids.push(listed.map(({ id }) => id));
    }
    assert.deepEqual(ids[0], ids[1]);
    assert.deepEqual(ids[0], ids[0]?.toSorted());
  });

  it("tells of a change, and is closed without harm to its files", async () => {
    const paths = await written({ video: "bytes", recipe });
    const opened = openedVideos();
    let changes = 0;
    opened.onDidChange(() => changes++);
    const id = await opened.open(paths.video);
    opened.close(id);
    opened.close(id);
    assert.equal(changes, 2);
    assert.equal(opened.get(id), undefined);
    await opened.open(paths.video);
  });
});

describe("the next window", () => {
  it("has the videos again that were open, and only once somebody asks for them", async () => {
    const kept = memory();
    const before = openedVideos([], kept);
    const [one, other, closed] = [
      await written({ video: "1", recipe }),
      await written({ recipe }),
      await written({ video: "3" }),
    ];
    await before.open(one.video);
    await before.open(other.recipe);
    before.close(await before.open(closed.video));
    assert.deepEqual(kept.paths, [one.video, other.recipe]);
    const after = openedVideos([], kept);
    let changes = 0;
    after.onDidChange(() => changes++);
    assert.deepEqual(after.list(), []);
    await after.reopened();
    assert.deepEqual(after.list(), before.list());
    assert.equal(changes, 1);
    assert.deepEqual(kept.paths, [one.video, other.recipe]);
  });

  it("says nothing of files that are gone, and forgets them; one that became a job of the journal is that job", async () => {
    const [gone, spoiled, made, there] = [
      await written({ recipe }),
      await written({ recipe: "{" }),
      await written({ video: "3", recipe }),
      await written({ video: "4" }),
    ];
    const kept = memory([gone.video, spoiled.recipe, made.video, there.video]);
    const opened = openedVideos([job("own", { state: "saved", requestId: "r-1", ...made })], kept);
    await opened.reopened();
    assert.deepEqual(
      opened.list().map(({ progress }) => progress.state === "saved" && progress.video),
      [there.video],
    );
    assert.deepEqual(kept.paths, [there.video]);
  });

  it("loses nothing to what is opened before it has looked, and keeps no more than the newest hundred", async () => {
    const paths: string[] = [];
    for (let count = 0; count < 100; count++) paths.push((await written({ video: "bytes" })).video);
    const kept = memory(paths);
    const opened = openedVideos([], kept);
    const late = await written({ video: "late" });
    await opened.open(late.video);
    assert.deepEqual(kept.paths, [...paths.slice(1), late.video]);
    const looking = opened.reopened();
    const later = await written({ video: "later" });
    await opened.open(later.video);
    await looking;
    assert.deepEqual(kept.paths, [...paths.slice(2), late.video, later.video]);
    assert.equal(opened.list().length, 100);
  });

  it("takes nothing from what no window of ours left", async () => {
    const { video } = await written({ video: "bytes" });
    const hostile = [
      [null, video],
      { 0: video },
      video,
      7,
      ["v1.mp4"],
      ["/etc/passwd"],
      [`/${"x".repeat(5000)}.mp4`],
      Array(101).fill(video),
    ];
    for (const paths of hostile) {
      const opened = openedVideos([], memory(paths));
      await opened.reopened();
      assert.deepEqual(opened.list(), [], JSON.stringify(paths).slice(0, 40));
    }
  });
});

describe("what is no video of ours", () => {
  it("is refused by its name", async () => {
    const opened = openedVideos();
    const gone = await written({});
    await assert.rejects(opened.open(gone.video), refused("videoMissing"));
    await assert.rejects(opened.open(gone.recipe), refused("notARecipe"));
    for (const bad of [
      "",
      "{",
      "[]",
      "null",
      { ...recipe, recipe: 2 },
      { ...recipe, start: 1 },
      `"${"x".repeat(2 ** 20)}"`,
    ]) {
      const { recipe: path } = await written({ video: "bytes", recipe: bad });
      await assert.rejects(opened.open(path), refused("notARecipe"), String(bad).slice(0, 20));
    }
  });

  it("never leads out of the recipe's folder", async () => {
    for (const file of [
      "..",
      "./..",
      "",
      ".env",
      "../../x.mp4",
      "/etc/passwd",
      "..\\..\\x.mp4",
      "a/b/../../../x.mp4",
    ]) {
      const { recipe: path } = await written({ recipe: { ...recipe, video: { ...recipe.video, file } } });
      const opened = openedVideos();
      const { progress } = opened.get(await opened.open(path)) ?? assert.fail();
      assert.ok(progress.state === "saved");
      assert.ok(progress.video.startsWith(`${videos}/`) && !progress.video.includes(".."), progress.video);
    }
  });

  it("is told by its ending", () => {
    for (const path of ["a.mp4", "a.MP4", "/x/a.webm", "a.flf.json"]) assert.ok(isVideoFile(path), path);
    for (const path of ["a.png", "a.json", "mp4", "a.mp4.txt"]) assert.ok(!isVideoFile(path), path);
  });
});
