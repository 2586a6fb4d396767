import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { storeCopy } from "../../../src/jobs/copies.ts";
import type { Progress } from "../../../src/jobs/job.ts";
import { startEngine } from "../../support/engine/engine.ts";
import { freshFile, job, openJournal, order } from "./jobs.ts";

const requestId = "r";
const lost = { code: "submitUnclear", reason: "ECONNRESET" } as const;
/** What may be removed together with others, and what must stay whoever asks. */
const finished: readonly Progress[] = [
  { state: "saved", requestId: "s", video: "/p/v.mp4", recipe: "/p/v.flf.json" },
  { state: "failed", problem: { code: "noBalance" } },
  { state: "failed", requestId, problem: { code: "generationFailed", message: "no" } },
  { state: "cancelled" },
];
const atStake: readonly Progress[] = [
  { state: "unclear", problem: lost },
  { state: "needsAction", requestId: "n", problem: { code: "notAVideo", reason: "truncated" } },
  { state: "failed", problem: lost },
  { state: "failed", requestId: "w", problem: { code: "watchStopped" } },
  { state: "failed", requestId: "v", problem: { code: "noVideo" } },
];

test("of all jobs named, those that ended with nothing at stake are removed with their copies, and not told one by one", async () => {
  const file = freshFile();
  const storage = dirname(file);
  using journal = openJournal(file);
  const all = [...finished, ...atStake];
  const idOf = (progress: Progress) => `job${all.indexOf(progress)}`;
  for (const progress of all) {
    const id = idOf(progress);
    journal.insert(job(id, { state: "preparing" }), "x", 0);
    journal.change(id, () => ({ progress, endedAt: 5 }));
    await storeCopy({ storage, checkpoint: () => undefined }, id, "start", new Uint8Array([1]));
  }
  await using engine = startEngine({ storage, token: "t", ports: { now: () => 1000 } });
  const told: string[][] = [];
  engine.jobs.onDidChange(() => told.push(engine.jobs.list().map(({ id }) => id)));
  await engine.jobs.removeFinished([...all.map(idOf), "gone"]);
  const left = atStake.map(idOf).toSorted();
  assert.deepEqual(told.at(-1)?.toSorted(), left);
  // The engine itself may tell of something in between.
  assert.ok(told.length < finished.length, `told ${told.length} times`);
  for (const progress of all) {
    assert.equal(existsSync(join(storage, "images", idOf(progress))), atStake.includes(progress), progress.state);
  }
});

test("hundreds of jobs go at once; one whose copies can't be removed stops no other and is left to the next start", async () => {
  const file = freshFile();
  const storage = dirname(file);
  const folder = join(storage, "videos");
  using journal = openJournal(file);
  await mkdir(folder);
  await mkdir(join(storage, "images"));
  // No folder can have this name.
  const stuck = "job".repeat(100);
  const numbered = Array.from({ length: 300 }, (_, index) => `job${index}`);
  const ids = [stuck, ...numbered];
  for (const id of ids) {
    journal.insert(job(id, { state: "preparing" }, { order: { ...order, folder } }), "x", 0);
    journal.change(id, () => ({ progress: { state: "cancelled" }, endedAt: 5 }));
  }
  const left = numbered.map((id) => `.${id}.0badcafe.video.part`);
  // A folder is no file to remove.
  await mkdir(join(folder, left[0] ?? ""));
  for (const name of left.slice(1)) {
    await writeFile(join(folder, name), "x");
  }
  await using engine = startEngine({ storage, token: "t", ports: { now: () => 1000 } });
  const began = performance.now();
  await engine.jobs.removeFinished(ids);
  const took = performance.now() - began;
  assert.ok(took < 5000, `${Math.round(took)} ms`);
  assert.deepEqual(engine.jobs.list(), []);
  assert.deepEqual(await readdir(folder), [left[0]]);
  assert.deepEqual(
    journal.removed().map(({ id }) => id),
    [stuck],
  );
});
