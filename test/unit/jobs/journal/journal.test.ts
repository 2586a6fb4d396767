import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { freshFile, job, openJournal, order, saved } from "../jobs.ts";

const namesBeside = (file: string) => readdirSync(dirname(file)).sort();

/** What of a job is told apart from its order. */
const kept = ({ order: _, ...rest }: Job) => rest;

describe("a job", () => {
  const progresses: readonly Progress[] = [
    { state: "preparing" },
    { state: "waiting", reason: "throttled", notBefore: 5 },
    { state: "submitting" },
    { state: "unclear", problem: { code: "submitUnclear", reason: "ECONNRESET" } },
    { state: "queued", requestId: "r", position: 3 },
    { state: "running", requestId: "r", word: "warming", problem: { code: "serviceTrouble", status: 502, reason: "" } },
    { state: "downloading", requestId: "r", placing: { video: "/p/v.mp4", sha256: "cc" } },
    { state: "needsAction", requestId: "r", problem: { code: "hostNotTrusted", host: "evil.example" } },
    { state: "saved", requestId: "r", video: "/p/v.mp4", recipe: "/p/v.flf.json", cost: 0.25 },
    { state: "failed", problem: { code: "noBalance" } },
    { state: "cancelled", requestId: "r" },
  ];
  for (const progress of progresses) {
    it(`comes back as it was: ${progress.state}`, () => {
      using journal = openJournal(freshFile());
      const prompt = "emoji 🎬, quotes \"'`; DROP TABLE jobs; -- \0 end";
      journal.insert(job("one", progress, { order: { ...order, prompt } }), "me", 10);
      const found = journal.get("one");
      assert.deepEqual(found?.progress, progress);
      assert.deepEqual(found.order, { ...order, prompt });
      assert.equal(found.createdAt, 1000);
    });
  }

  it("cannot be inserted twice", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 0);
    assert.throws(() => journal.insert(job("one"), "me", 0));
    assert.equal(journal.list().length, 1);
  });

  it("is gone after its removal", () => {
    using journal = openJournal(freshFile());
    journal.insert(saved("one", 5), "me", 0);
    journal.insert(job("two"), "me", 0);
    assert.equal(journal.remove("one")?.id, "one");
    assert.equal(journal.remove("never there"), undefined);
    assert.equal(journal.get("one"), undefined);
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      ["two"],
    );
  });

  it("is listed newest first", () => {
    using journal = openJournal(freshFile());
    for (const [id, createdAt] of [
      ["b", 2],
      ["c", 3],
      ["a", 1],
    ] as const) {
      journal.insert(job(id, undefined, { createdAt }), "me", 0);
    }
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      ["c", "b", "a"],
    );
  });
});

describe("a change", () => {
  it("touches only what it names, and gives the job as it is now", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 0);
    journal.change("one", () => ({ submittedAt: 1, runningAt: 2, ranUntil: 3 }));
    const after = journal.change("one", () => ({ progress: { state: "submitting" }, cancel: "asked" }));
    assert.deepEqual(after && kept(after), {
      id: "one",
      createdAt: 1000,
      submittedAt: 1,
      runningAt: 2,
      ranUntil: 3,
      endedAt: undefined,
      cancel: "asked",
      sentWith: undefined,
      progress: { state: "submitting" },
    });
    assert.deepEqual(journal.get("one"), after);
    assert.equal(journal.change("one", () => ({ cancel: "none" }))?.cancel, undefined);
    const folder = { ...order, folder: "/elsewhere" };
    assert.deepEqual(journal.change("one", () => ({ order: folder }))?.order, folder);
  });

  it("is not made when it is decided against, or when there is no such job", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 0);
    assert.equal(
      journal.change("one", () => undefined),
      undefined,
    );
    assert.equal(
      journal.change("none", () => assert.fail("nothing to decide")),
      undefined,
    );
  });

  it("is decided on what is there at this moment, whoever wrote it", () => {
    const file = freshFile();
    using one = openJournal(file);
    using other = openJournal(file);
    one.insert(job("one"), "me", 0);
    other.change("one", () => ({ progress: { state: "cancelled" } }));
    one.change("one", (current) => {
      assert.equal(current.progress.state, "cancelled");
      return undefined;
    });
  });

  it("that fails half-way leaves everything as it was, and the journal usable", () => {
    const file = freshFile();
    using journal = openJournal(file);
    using other = openJournal(file);
    journal.insert(job("one"), "me", 0);
    assert.throws(
      () =>
        journal.change("one", () => {
          throw new RangeError("stop");
        }),
      RangeError,
    );
    assert.equal(other.change("one", () => ({ runningAt: 9 }))?.runningAt, 9);
    assert.equal(journal.change("one", () => ({ submittedAt: 8 }))?.submittedAt, 8);
  });
});

describe("what is written", () => {
  it("is on disk when the call returns, in one file without side files", () => {
    const file = freshFile();
    using journal = openJournal(file);
    journal.insert(job("one"), "me", 0);
    const copy = join(dirname(freshFile()), "copy.sqlite");
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(file));
    using copied = openJournal(copy);
    assert.equal(copied.list().length, 1);
    assert.deepEqual(namesBeside(file), [basename(file)]);
  });

  it("is listed quickly with 5,000 jobs", (test) => {
    const file = freshFile();
    mkdirSync(dirname(file));
    Journal.open(file).close();
    const db = new DatabaseSync(file);
    const { progress } = saved("x", 1);
    db.exec("BEGIN");
    const insert = db.prepare(
      `INSERT INTO jobs (id, created_at, running_at, ran_until, state, progress, "order") VALUES (?, ?, 1, 2, 'saved', ?, ?)`,
    );
    for (let index = 0; index < 5000; index += 1) {
      insert.run(
        `job-${index}`,
        index,
        JSON.stringify(progress),
        JSON.stringify({ ...order, prompt: "word ".repeat(40) }),
      );
    }
    db.exec("COMMIT");
    db.close();
    const opening = performance.now();
    using journal = openJournal(file);
    const opened = performance.now();
    assert.equal(journal.list().length, 5000);
    const listed = performance.now();
    assert.equal(journal.countActive(), 0);
    const counted = performance.now();
    test.diagnostic(
      `open ${(opened - opening).toFixed(0)} ms, list ${(listed - opened).toFixed(0)} ms, count ${(counted - listed).toFixed(1)} ms`,
    );
    assert.ok(opened - opening < 300 && listed - opened < 1000 && counted - listed < 50);
  });
});
