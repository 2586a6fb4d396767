import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import { checkCap } from "../../../../src/shared/model/budget.ts";
import { freshFile, job, openJournal, order } from "../jobs.ts";
import { addInWindows } from "./manyWindows.ts";
import { become, insert, savedAs, sent } from "./paidJobs.ts";

const week = 7 * 24 * 3_600_000;

describe("what has been spent", () => {
  it("is the sum of what the service told, and tells what it did not", () => {
    using journal = openJournal();
    for (const [id, cost] of [
      ["one", 0.25],
      ["two", 0.5],
      ["three", undefined],
    ] as const) {
      insert(journal, id, 1000, 0.3);
      become(journal, id, savedAs(`r-${id}`, cost));
    }
    assert.deepEqual(journal.charges.spend(0), { reported: 0.75, unreported: 1, expected: 0.3 });
    assert.deepEqual(journal.charges.spend(1000).reported, 0.75);
    assert.deepEqual(journal.charges.spend(1001), { reported: 0, unreported: 0, expected: 0 });
  });

  it("counts the videos under way with their expected price, whenever they were made", () => {
    using journal = openJournal();
    insert(journal, "old", 1, 0.2);
    insert(journal, "new", 2000, 0.3);
    insert(journal, "unpriced", 2000);
    assert.deepEqual(journal.charges.spend(1000), { reported: 0, unreported: 0, expected: 0.5 });
  });

  it("outlives its jobs: their removal, and the end of their time in the list", () => {
    using journal = openJournal();
    insert(journal, "one", 1000);
    become(journal, "one", savedAs("r-one", 0.25));
    journal.remove("one");
    journal.forget("one");
    insert(journal, "two", 1000);
    journal.change("two", () => ({ progress: savedAs("r-two", 0.5), endedAt: 5 }));
    journal.prune(10, 2000);
    journal.prune(10, 2000 + week);
    assert.deepEqual(journal.list(), []);
    assert.equal(journal.charges.spend(0).reported, 0.75);
  });

  it("knows what a failed run cost, and leaves a cancelled one out until it is told", () => {
    using journal = openJournal();
    insert(journal, "failed", 1000, 0.3);
    become(journal, "failed", {
      state: "failed",
      requestId: "r-failed",
      problem: { code: "generationFailed", message: "" },
      cost: 0,
    });
    insert(journal, "cancelled", 1000, 0.3);
    become(journal, "cancelled", { state: "cancelled", requestId: "r-cancelled" });
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 1, expected: 0 });
    journal.tellCost("cancelled", "r-cancelled", 0.1);
    assert.deepEqual(journal.charges.spend(0), { reported: 0.1, unreported: 0, expected: 0 });
  });

  it("holds nothing for what was never sent", () => {
    using journal = openJournal();
    insert(journal, "one", 1000, 0.3, { state: "waiting", reason: "turn" });
    become(journal, "one", { state: "cancelled" });
    insert(journal, "two", 1000, 0.3, { state: "submitting" });
    become(journal, "two", { state: "failed", problem: { code: "tokenRefused" } });
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 0, expected: 0 });
  });

  it("keeps a request whose answer got lost in mind, sent again or dropped", () => {
    using journal = openJournal();
    const unclear: Progress = { state: "unclear", problem: { code: "submitUnclear", reason: "x" } };
    insert(journal, "again", 1000, 0.3, unclear);
    become(journal, "again", { state: "waiting", reason: "turn" });
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 1, expected: 0.6 });
    insert(journal, "dropped", 1000, 0.2, unclear);
    become(journal, "dropped", { state: "failed", problem: { code: "submitUnclear", reason: "x" } });
    assert.deepEqual(journal.charges.spend(0).unreported, 2);
    insert(journal, "adopted", 1000, 0.2, unclear);
    become(journal, "adopted", sent("r-adopted"));
    become(journal, "adopted", savedAs("r-adopted", 0.2));
    assert.deepEqual(journal.charges.spend(0).unreported, 2);
    assert.deepEqual(journal.charges.unreportedCosts(0, 9), [], "there is no request to ask for");
    become(journal, "dropped", sent("r-dropped"));
    become(journal, "dropped", savedAs("r-dropped", 0.2));
    assert.deepEqual(journal.charges.spend(0).unreported, 1, "what turned up is not lost any more");
  });

  it("counts one request once, whichever jobs fetch its video", () => {
    using journal = openJournal();
    for (const id of ["one", "two"]) {
      insert(journal, id, 1000, undefined, sent("same"));
      become(journal, id, savedAs("same", id === "one" ? 0.25 : undefined));
    }
    assert.deepEqual(journal.charges.spend(0), { reported: 0.25, unreported: 0, expected: 0 });
  });
});

describe("the number of videos", () => {
  const failed = (requestId: string, cost?: number): Progress => ({
    state: "failed",
    requestId,
    problem: { code: "generationFailed", message: "" },
    ...(cost !== undefined && { cost }),
  });
  const unclear: Progress = { state: "unclear", problem: { code: "submitUnclear", reason: "x" } };
  const dropped: Progress = { state: "failed", problem: { code: "submitUnclear", reason: "x" } };
  const cases: readonly [string, readonly Progress[], number][] = [
    ["a job that is prepared", [{ state: "preparing" }], 1],
    ["a job that waits", [{ state: "waiting", reason: "turn" }], 1],
    ["a job under way", [sent("r")], 1],
    ["a job that waits for its user", [{ state: "needsAction", requestId: "r", problem: { code: "noVideo" } }], 1],
    ["a saved video, whatever was told of its cost", [sent("r"), savedAs("r")], 1],
    ["a saved video that was free", [sent("r"), savedAs("r", 0)], 1],
    ["a failed run that was charged", [sent("r"), failed("r", 0.1)], 1],
    ["a failed run whose cost nobody told", [sent("r"), failed("r")], 1],
    ["a failed run that was free", [sent("r"), failed("r", 0)], 0],
    ["a run cancelled in the queue", [sent("r"), { state: "cancelled", requestId: "r" }], 0],
    ["a run cancelled too late to be free", [sent("r"), { state: "cancelled", requestId: "r", cost: 0.1 }], 1],
    ["a job that ended before it was sent", [{ state: "waiting", reason: "turn" }, { state: "cancelled" }], 0],
    ["a job that was refused", [{ state: "submitting" }, { state: "failed", problem: { code: "tokenRefused" } }], 0],
    ["an answer that got lost", [{ state: "submitting" }, unclear], 1],
    ["a lost answer that its user dropped", [{ state: "submitting" }, unclear, dropped], 1],
    ["a lost answer, and the job is sent again", [unclear, { state: "waiting", reason: "turn" }], 2],
    ["a lost answer that turned up", [unclear, sent("r"), savedAs("r", 0.1)], 1],
  ];
  for (const [name, [first = assert.fail(), ...others], count] of cases) {
    it(`of ${name} is ${count}`, () => {
      using journal = openJournal();
      insert(journal, "one", 1000, undefined, first);
      for (const progress of others) {
        become(journal, "one", progress);
      }
      assert.equal(journal.charges.videos(1000), count);
    });
  }

  it("is that of the day on which they were sent; what is not sent yet is of today", () => {
    using journal = openJournal();
    insert(journal, "before", 999);
    insert(journal, "then", 1000);
    insert(journal, "ended before", 999);
    become(journal, "ended before", savedAs("r-ended before"));
    insert(journal, "to be sent", 1, undefined, { state: "waiting", reason: "turn" });
    assert.equal(journal.charges.videos(1000), 2);
    journal.change("to be sent", () => ({ progress: sent("r-sent"), submittedAt: 2000 }));
    assert.equal(journal.charges.videos(1000), 2);
    assert.equal(journal.charges.videos(2000), 1);
    journal.change("to be sent", () => ({ progress: savedAs("r-sent", 0.1), endedAt: 3000 }));
    assert.equal(journal.charges.videos(2000), 1);
    assert.equal(journal.charges.videos(0), 4);
  });

  it("outlives its jobs, and counts what a later version has written", () => {
    const file = freshFile();
    using journal = openJournal(file);
    insert(journal, "one", 1000);
    become(journal, "one", savedAs("r-one", 0.25));
    journal.remove("one");
    journal.forget("one");
    insert(journal, "later", 1000);
    const db = new DatabaseSync(file);
    db.exec(`UPDATE jobs SET state = 'dreaming', progress = '{"state":"dreaming"}' WHERE id = 'later'`);
    db.close();
    assert.equal(journal.charges.videos(1000), 2);
  });
});

describe("a sum that no video costs", () => {
  it("makes no other sum impossible: what was spent can always be told, and the cap still holds", () => {
    using journal = openJournal();
    for (const [id, cost] of [
      ["one", 1e308],
      ["two", 1e308],
      ["three", -5],
      ["four", 0.25],
    ] as const) {
      insert(journal, id, 1000, 0.3);
      become(journal, id, savedAs(`r-${id}`, cost));
    }
    const spend = journal.charges.spend(0);
    assert.deepEqual(spend, { reported: 20_000.25, unreported: 0, expected: 0 });
    assert.throws(
      () => checkCap(spend, { cap: 100, estimate: 0.1, videoCaps: { day: null, month: null }, acceptsUnknown: false }),
      { message: "capReached" },
    );
  });

  it("is read past where another version or a hand has written it as an estimate", () => {
    const file = freshFile();
    using journal = openJournal(file);
    for (const id of ["text", "object", "huge", "negative", "fine", "torn"]) {
      insert(journal, id, 1000, 0.5);
    }
    const db = new DatabaseSync(file);
    for (const [id, estimate] of [
      ["text", '"9e99"'],
      ["object", '{"usd":1}'],
      ["huge", "1e308"],
      ["negative", "-1e308"],
    ] as const) {
      db.prepare(`UPDATE jobs SET "order" = json_set("order", '$.estimate', json(?)) WHERE id = ?`).run(estimate, id);
    }
    db.exec(`UPDATE jobs SET "order" = '{' WHERE id = 'torn'`);
    db.close();
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 0, expected: 10_000.5 });
  });

  it("is refused where a job is made or sent again with it, rather than written and never read again", () => {
    using journal = openJournal();
    const refused = { message: "argumentInvalid" };
    for (const estimate of [1e308, Number.POSITIVE_INFINITY, Number.NaN, -0.01, 10_000.01]) {
      assert.throws(() => insert(journal, "absurd", 1000, estimate), refused, String(estimate));
      assert.equal(journal.has("absurd"), false);
    }
    insert(journal, "one", 1000, 10_000);
    const before = journal.get("one");
    assert.throws(() => journal.change("one", () => ({ order: { ...order, estimate: 1e308 } })), refused);
    assert.deepEqual(journal.get("one"), before);
  });

  it("like anything that this version could not read again, is never written", () => {
    using journal = openJournal();
    insert(journal, "one", 1000, 1);
    const before = journal.get("one");
    for (const cost of [Number.POSITIVE_INFINITY, Number.NaN]) {
      assert.throws(() => become(journal, "one", savedAs("r-one", cost)));
      assert.throws(() => journal.change("one", () => ({ order: { ...order, parameters: { seed: cost } } })));
    }
    assert.deepEqual(journal.get("one"), before);
    assert.equal(journal.unreadable(), 0);
  });
});

describe("a job whose request is taken up again after it was given up", () => {
  it("counts once while it goes on, and at its end as what it cost", () => {
    using journal = openJournal();
    insert(journal, "one", 1000, 0.3);
    become(journal, "one", { state: "failed", requestId: "r-one", problem: { code: "requestUnknown" } });
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 1, expected: 0.3 });
    become(journal, "one", sent("r-one"));
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 0, expected: 0.3 });
    become(journal, "one", savedAs("r-one", 0.25));
    assert.deepEqual(journal.charges.spend(0), { reported: 0.25, unreported: 0, expected: 0 });
  });
});

describe("a request whose answer got lost", () => {
  it("belongs to the month in which it was sent, however old its job is", () => {
    const [lastMonth, today] = [1000, 40 * 24 * 3_600_000];
    const lost = { code: "submitUnclear", reason: "timeout" } as const;
    for (const after of [
      { state: "failed", problem: lost },
      { state: "waiting", reason: "turn" },
    ] satisfies Progress[]) {
      using journal = openJournal();
      insert(journal, "one", lastMonth, undefined, { state: "submitting", attempt: "a" });
      journal.change("one", () => ({ progress: { state: "unclear", problem: lost }, submittedAt: today }));
      become(journal, "one", after);
      assert.deepEqual(journal.charges.spend(today).unreported, 1, after.state);
    }
  });
});

describe("a cost that was told", () => {
  it("stays told when another job takes the same request up again, and that one counts once", () => {
    using journal = openJournal();
    insert(journal, "one", 1000, 0.3, sent("same"));
    become(journal, "one", savedAs("same", 1.2));
    const stopped: Progress = { state: "failed", requestId: "same", problem: { code: "watchStopped" } };
    const failed: Progress = {
      state: "failed",
      requestId: "same",
      problem: { code: "generationFailed", message: "expired" },
    };
    insert(journal, "twin", 1000, undefined, sent("same"));
    for (const progress of [stopped, sent("same"), failed]) {
      become(journal, "twin", progress);
      assert.deepEqual(journal.charges.spend(0), { reported: 1.2, unreported: 0, expected: 0 }, progress.state);
    }
  });
});

/** The tables and rows of a journal as the first version wrote it. */
function writeFirstVersion(file: string, jobs: readonly Job[], spoilt: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE jobs (
     id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, submitted_at INTEGER, running_at INTEGER, ran_until INTEGER,
     ended_at INTEGER, cancel TEXT, notified INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, progress TEXT NOT NULL,
     "order" TEXT NOT NULL, owner TEXT, owned_until INTEGER
   ) STRICT;
   CREATE INDEX jobs_by_state ON jobs (state);
   PRAGMA user_version = 1;`);
  const add = db.prepare(
    `INSERT INTO jobs (id, created_at, submitted_at, state, progress, "order") VALUES (?, ?, ?, ?, ?, ?)`,
  );
  for (const { id, createdAt, submittedAt, progress, order: what } of jobs) {
    add.run(id, createdAt, submittedAt ?? null, progress.state, JSON.stringify(progress), JSON.stringify(what));
  }
  add.run(spoilt, 1, 1, "saved", "{", "{");
  db.close();
}

it("a journal of the first version keeps its jobs, and their costs are taken over", () => {
  const file = freshFile();
  const jobs = [
    job("saved", savedAs("r-1", 0.25), { submittedAt: 2000 }),
    job("untold", savedAs("r-2"), { submittedAt: 2000 }),
    job("again", savedAs("r-1", 0.25), { submittedAt: 2000 }),
    job("last month", savedAs("r-3", 5)),
    job("failed", { state: "failed", problem: { code: "tokenRefused" } }, { submittedAt: 2000 }),
    job("open", sent("r-4"), { submittedAt: 2000 }),
  ];
  writeFirstVersion(file, jobs, "spoilt");
  using journal = openJournal(file);
  assert.deepEqual(
    journal
      .list()
      .map(({ id, progress, submittedAt }) => ({ id, progress, submittedAt }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    jobs.map(({ id, progress, submittedAt }) => ({ id, progress, submittedAt })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  assert.deepEqual(journal.charges.spend(1500), { reported: 0.25, unreported: 1, expected: 0 });
  assert.equal(journal.charges.spend(0).reported, 5.25);
  journal.change("open", () => ({ sentWith: "stored:x" }));
  assert.deepEqual(journal.tokensInUse(), ["stored:x"]);
});

it("windows that spend at the same moment stay within the cap together", async () => {
  const file = freshFile();
  await addInWindows(file, 3, job("one", undefined, { order: { ...order, estimate: 0.1 } }), { cap: 1 });
  using journal = openJournal(file);
  assert.equal(journal.list().length, 10);
  assert.equal(Math.round(journal.charges.spend(0).expected * 100), 100);
});

it("windows that make videos at the same moment stay within a cap on their number together", async () => {
  const file = freshFile();
  await addInWindows(file, 3, job("one"), { videos: 7 });
  using journal = openJournal(file);
  assert.equal(journal.list().length, 7);
});
