import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { removeOrphans, storeCopy } from "../../../src/jobs/copies.ts";
import type { FrozenDraft, Progress } from "../../../src/jobs/job.ts";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import { startEngine } from "../../support/engine/engine.ts";
import { freshFile, openJournal } from "./jobs.ts";

const problem = { code: "submitUnclear", reason: "x" } as const;
const order: FrozenDraft = {
  start: { kind: "unknown" },
  end: { kind: "unknown" },
  prompt: "night falls",
  parameters: { seed: 1 },
  service: "https://model-api.runcomfy.net",
  folder: "/nowhere",
  root: "/",
  name: "video",
};

test("jobs that ended long ago are let go with their copies; open ones and younger ones stay", async () => {
  const file = freshFile();
  const storage = dirname(file);
  using journal = openJournal(file);
  const add = async (id: string, progress: Progress, endedAt?: number) => {
    journal.insert({ id, createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
    journal.change(id, () => ({ progress, ...(endedAt !== undefined && { endedAt }) }));
    await storeCopy({ storage, checkpoint: () => undefined }, id, "start", new Uint8Array([1]));
  };
  await add("old", { state: "cancelled" }, 100);
  await add("young", { state: "cancelled" }, 300);
  await add("open", { state: "queued", requestId: "r" });
  await add("standing", { state: "unclear", problem: { code: "submitUnclear", reason: "x" } });
  journal.prune(200, 400);
  journal.prune(200, 400 + 7 * 24 * 3_600_000);
  await removeOrphans({ storage }, (id) => journal.has(id));
  const left = ["open", "standing", "young"];
  assert.deepEqual(
    journal
      .list()
      .map(({ id }) => id)
      .sort(),
    left,
  );
  assert.deepEqual((await readdir(join(storage, "images"))).sort(), left);
});

test("a temporary file that another program held when its video was saved is gone after the next start", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-tidy-"));
  const journal = Journal.open(join(storage, "journal.sqlite"));
  const folder = join(storage, "videos");
  await mkdir(folder);
  const saved: Progress = {
    state: "saved",
    requestId: "r",
    video: join(folder, "v.mp4"),
    recipe: join(folder, "v.json"),
  };
  journal.insert({ id: "mine", createdAt: 1, order: { ...order, folder }, progress: { state: "preparing" } }, "me", 10);
  journal.change("mine", () => ({ progress: saved, endedAt: Date.now() }));
  journal.close();
  const kept = [".other.0badcafe.video.part", ".mine.0badcafe.video.mp4", "v.mp4"];
  for (const name of [...kept, ".mine.0badcafe.video.part"]) {
    await writeFile(join(folder, name), "x");
  }
  await using engine = startEngine({ storage, token: "t" });
  try {
    for (let looks = 0; (await readdir(folder)).length > kept.length; looks += 1) {
      assert.ok(looks < 10_000, "it is still there");
      await setImmediate();
    }
    assert.deepEqual((await readdir(folder)).sort(), kept.sort());
  } finally {
    await engine.jobs.dispose();
    await rm(storage, { recursive: true });
  }
});

const day = 24 * 3_600_000;
const week = 7 * day;

/** A journal with one job that ended at each of these times (ms). */
function ended(...times: number[]): Journal & Disposable {
  const journal = openJournal();
  for (const at of times) {
    journal.insert({ id: `at-${at}`, createdAt: at, order, progress: { state: "preparing" } }, "me", 0);
    journal.change(`at-${at}`, () => ({ progress: { state: "cancelled" }, endedAt: at }));
  }
  return journal;
}
const keep = 90 * day;
const start = 1000 * day;
const prune = (journal: Journal, now: number) => {
  journal.prune(now - keep, now);
  return journal.list().length;
};

test("no start with a wrong clock takes the history, however far it is ahead and whatever is made by it", () => {
  for (const ahead of [10 * day, 90 * day, 120 * day, 4000 * day]) {
    using journal = ended(start - 80 * day, start - day, start);
    assert.equal(prune(journal, start + ahead), 3, "the first look only marks, if anything");
    // The clock is right again, and a job is made by it; then it is wrong once more, for less than a week.
    assert.equal(prune(journal, start + 1000), 3);
    assert.equal(prune(journal, start + ahead), 3);
    assert.equal(prune(journal, start + ahead + week - 1), 3);
    assert.equal(prune(journal, start + 2000), 3);
    // A job that was made by the wrong clock makes the clock no better.
    journal.insert({ id: "future", createdAt: start + ahead, order, progress: { state: "preparing" } }, "me", 0);
    assert.equal(prune(journal, start + ahead), 4);
    assert.equal(prune(journal, start + 3000), 4);
  }
});

test("a mark that a wrong clock has left counts no more once the clock is right", () => {
  using journal = ended(start - 80 * day, start);
  assert.equal(prune(journal, start + 20 * day), 2);
  assert.equal(prune(journal, start + 1000), 2);
  assert.equal(prune(journal, start + 28 * day), 2, "that is the first look again");
});

test("a clock far ahead of all that the journal holds is not believed, however long it stays so", () => {
  using journal = ended(start - 80 * day, start);
  assert.equal(prune(journal, start + 120 * day), 2);
  assert.equal(prune(journal, start + 140 * day), 2);
});

test("with a clock that runs on, what is old goes a week after it was found to be, and nothing else", () => {
  using journal = ended(start, start + 50 * day, start + 95 * day);
  assert.equal(prune(journal, start + 91 * day), 3);
  assert.equal(prune(journal, start + 97 * day), 3);
  assert.equal(prune(journal, start + 98 * day), 2);
  assert.deepEqual(
    journal.list().map(({ endedAt }) => endedAt),
    [start + 95 * day, start + 50 * day],
  );
});

test("copies of jobs that this version cannot read are no orphans", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-orphans-"));
  const file = join(storage, "journal.sqlite");
  const filled = Journal.open(file);
  for (const id of ["readable", "later"]) {
    filled.insert({ id, createdAt: 1, order, progress: { state: "unclear", problem } }, "me", 0);
  }
  filled.close();
  const later = new DatabaseSync(file);
  later.exec(`UPDATE jobs SET state = 'paused', progress = '{"state":"paused"}' WHERE id = 'later'`);
  later.close();
  for (const id of ["readable", "later", "nobody"]) {
    await storeCopy({ storage, checkpoint: () => undefined }, id, "start", new Uint8Array([1]));
  }
  const engine = startEngine({ storage, token: "t" });
  try {
    assert.equal(engine.jobs.unreadable(), 1);
    while ((await readdir(join(storage, "images"))).includes("nobody")) {
      await setImmediate();
    }
  } finally {
    // Its end waits for nothing that is still being cleared up, so what stays is looked at after the journal is closed.
    await engine[Symbol.asyncDispose]();
  }
  assert.deepEqual((await readdir(join(storage, "images"))).sort(), ["later", "readable"]);
  await rm(storage, { recursive: true });
});

test("nothing is an orphan where a journal was set aside: its row may be one that could not be read", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-aside-"));
  const file = join(storage, "journal.sqlite");
  await writeFile(file, "no journal any more".repeat(500));
  await storeCopy({ storage, checkpoint: () => undefined }, "lost", "start", new Uint8Array([1]));
  const lines: string[] = [];
  for (let session = 0; session < 2; session += 1) {
    const journal = Journal.open(file);
    assert.equal(journal.wasSetAside(Date.now()), true);
    assert.equal(journal.wasSetAside(Date.now() + 40 * day), false);
    journal.close();
    await using engine = startEngine({ storage, token: "t", ports: { log: (line) => lines.push(line) } });
    // Its tidying is over once what a removed job has left is gone.
    await engine.jobs.recover(`r${session}`, { service: order.service, folder: storage }).catch(() => undefined);
  }
  assert.deepEqual(await readdir(join(storage, "images")), ["lost"]);
  await rm(storage, { recursive: true });
});

test("a row that cannot be read hides no other and stays in the file", () => {
  const file = freshFile();
  using journal = openJournal(file);
  for (const id of ["one", "two", "three"]) {
    journal.insert({ id, createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
  }
  const other = new DatabaseSync(file);
  other.exec(`UPDATE jobs SET progress = '{"state":"of a later version"}' WHERE id = 'one'`);
  other.exec("UPDATE jobs SET progress = 'no json' WHERE id = 'three'");
  const listed = () => journal.list().map(({ id }) => id);
  assert.deepEqual(listed(), ["two"]);
  assert.equal(journal.unreadable(), 2);
  assert.equal(other.prepare("SELECT count(*) AS n FROM jobs").get()?.n, 3);
  // Each column in turn, with what no version of today writes.
  for (const [column, value] of [
    ["cancel", "'granted'"],
    ["progress", "'[]'"],
    ["progress", "''"],
    [`"order"`, "'{}'"],
    [`"order"`, "'null'"],
    ["state", "'paused'"],
  ] as const) {
    journal.insert({ id: "four", createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
    other.exec(`UPDATE jobs SET ${column} = ${value} WHERE id = 'four'`);
    assert.deepEqual(listed(), ["two"], `${column} ${value}`);
    other.exec("DELETE FROM jobs WHERE id = 'four'");
  }
  // Times that no number of ours can hold are no reason to hide anything.
  other.exec("UPDATE jobs SET created_at = 9223372036854775807, ended_at = -9223372036854775807 WHERE id = 'one'");
  assert.deepEqual(listed(), ["two"]);
  other.close();
});

test("a job that the user sends on has a new end to tell, once", () => {
  using journal = openJournal();
  journal.insert({ id: "one", createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
  journal.change("one", () => ({ progress: { state: "unclear", problem: { code: "submitUnclear", reason: "x" } } }));
  assert.equal(journal.claimNotification("one"), true);
  assert.equal(journal.claimNotification("one"), false);
  journal.change("one", () => ({ progress: { state: "queued", requestId: "r" } }));
  journal.change("one", () => ({ progress: { state: "running", requestId: "r" } }));
  journal.change("one", () => ({ progress: { state: "cancelled", requestId: "r" } }));
  assert.deepEqual([journal.claimNotification("one"), journal.claimNotification("one")], [true, false]);
});
