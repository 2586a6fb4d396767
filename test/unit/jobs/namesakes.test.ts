/** Videos of one name in several folders are told apart as VS Code tells tabs apart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tellingFolders } from "../../../src/jobs/namesakes.ts";
import { job, order } from "./jobs.ts";

const relative = (path: string) => path.replace(/^\/p\//, "");

/** What is said of the folders of saved videos that are all called the same. */
function said(...folders: readonly string[]): (string | undefined)[] {
  const jobs = folders.map((folder, index) =>
    job(`${index}`, { state: "saved", requestId: "r", video: `${folder}/lighthouse-001.mp4`, recipe: "" }),
  );
  const telling = tellingFolders(jobs, relative);
  return folders.map((_, index) => telling.get(`${index}`));
}

test("of each folder the shortest part is told that no other one has, from its end on", () => {
  assert.deepEqual(said("/p/videos", "/p/clips"), ["videos", "clips"]);
  assert.deepEqual(said("/p/a/videos", "/p/b/videos"), ["a/…", "b/…"]);
  assert.deepEqual(said("/p/film/a/videos", "/p/film/b/videos"), ["…/a/…", "…/b/…"]);
  assert.deepEqual(said("/p/film/videos", "/p/film/clips"), ["…/videos", "…/clips"]);
  assert.deepEqual(said("/p/x/videos", "/p/y/videos", "/p/z/x"), ["x/videos", "y/…", "…/x"]);
});

test("a folder that is the end of another one is told in full", () => {
  assert.deepEqual(said("/p/videos", "/p/old/videos"), ["videos", "old/…"]);
  assert.deepEqual(said("/p/videos", "/home/me/videos"), ["videos", "…/me/…"]);
});

test("nothing is told where one folder has the name, or a name is alone", () => {
  assert.deepEqual(said("/p/videos"), [undefined]);
  assert.deepEqual(said("/p/videos", "/p/videos"), [undefined, undefined]);
  assert.deepEqual(said("/p/videos", "/p/videos", "/p/clips"), ["videos", "videos", "clips"]);
  const jobs = ["one", "other"].map((name) =>
    job(name, undefined, { order: { ...order, name, folder: `/p/${name}` } }),
  );
  assert.equal(tellingFolders(jobs, relative).size, 0);
});

test("a video that is not saved yet counts by the folder that it goes to", () => {
  const waiting = job("waiting", undefined, { order: { ...order, folder: "/p/clips", name: "lighthouse-001" } });
  const there = job("there", { state: "saved", requestId: "r", video: "/p/videos/lighthouse-001.mp4", recipe: "" });
  assert.deepEqual(
    [...tellingFolders([waiting, there], relative)],
    [
      ["waiting", "clips"],
      ["there", "videos"],
    ],
  );
});

test("thousands of folders, and very deep ones, take no time worth mentioning", () => {
  const deep = "/d".repeat(2000);
  const folders = Array.from({ length: 3000 }, (_, index) => `/p/film/scene-${index}/videos`);
  const begin = performance.now();
  const parts = said(...folders, `/p${deep}`, `/q${deep}`);
  assert.ok(performance.now() - begin < 2000);
  assert.deepEqual(parts.slice(0, 2), ["…/scene-0/…", "…/scene-1/…"]);
  assert.equal(parts.at(-1), `/q${deep}`);
});
