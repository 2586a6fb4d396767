import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { removeOrphans, storeCopy } from "../../../src/jobs/images.ts";
import type { Order, Progress } from "../../../src/jobs/job.ts";
import { Journal } from "../../../src/jobs/journal.ts";

const order: Order = {
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
  const storage = await mkdtemp(join(tmpdir(), "wan-tidy-"));
  const journal = Journal.open(join(storage, "journal.sqlite"));
  try {
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
  } finally {
    journal.close();
    await rm(storage, { recursive: true });
  }
});

test("a row that cannot be read hides no other and stays in the file", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-row-"));
  const file = join(storage, "journal.sqlite");
  const journal = Journal.open(file);
  try {
    for (const id of ["one", "two", "three"]) {
      journal.insert({ id, createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
    }
    const other = new DatabaseSync(file);
    other.exec(`UPDATE jobs SET progress = '{"state":"of a later version"}' WHERE id = 'one'`);
    other.exec("UPDATE jobs SET progress = 'no json' WHERE id = 'three'");
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      ["two"],
    );
    assert.equal(other.prepare("SELECT count(*) AS n FROM jobs").get()?.n, 3);
    other.close();
  } finally {
    journal.close();
    await rm(storage, { recursive: true });
  }
});

test("a job that the user sends on has a new end to tell, once", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-told-"));
  const journal = Journal.open(join(storage, "journal.sqlite"));
  try {
    journal.insert({ id: "one", createdAt: 1, order, progress: { state: "preparing" } }, "me", 10);
    journal.change("one", () => ({ progress: { state: "unclear", problem: { code: "submitUnclear", reason: "x" } } }));
    assert.equal(journal.claimNotification("one"), true);
    assert.equal(journal.claimNotification("one"), false);
    journal.change("one", () => ({ progress: { state: "queued", requestId: "r" } }));
    journal.change("one", () => ({ progress: { state: "running", requestId: "r" } }));
    journal.change("one", () => ({ progress: { state: "cancelled", requestId: "r" } }));
    assert.deepEqual([journal.claimNotification("one"), journal.claimNotification("one")], [true, false]);
  } finally {
    journal.close();
    await rm(storage, { recursive: true });
  }
});
