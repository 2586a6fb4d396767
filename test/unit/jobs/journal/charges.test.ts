import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { checkCap } from "../../../../src/shared/model/budget.ts";
import { freshFile, job, order } from "../jobs.ts";

function open(file = freshFile()): Journal & Disposable {
  const journal = Journal.open(file);
  return Object.assign(journal, { [Symbol.dispose]: () => journal.close() });
}

const week = 7 * 24 * 3_600_000;
const sent = (requestId: string): Progress => ({ state: "queued", requestId });
const video = { video: "/p/v.mp4", recipe: "/p/v.flf.json" };
const savedAs = (requestId: string, cost?: number): Progress => ({
  state: "saved",
  requestId,
  ...video,
  ...(cost !== undefined && { cost }),
});

/** A job that was sent at a time (ms), with the price that was expected (USD). */
function insert(
  journal: Journal,
  id: string,
  at: number,
  estimate?: number,
  progress: Progress = sent(`r-${id}`),
): void {
  const priced = { ...order, ...(estimate !== undefined && { estimate }) };
  journal.insert(job(id, progress, { createdAt: at, order: priced }), "me", 0);
}
const become = (journal: Journal, id: string, progress: Progress) => journal.change(id, () => ({ progress }));

describe("what has been spent", () => {
  it("is the sum of what the service told, and tells what it did not", () => {
    using journal = open();
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
    using journal = open();
    insert(journal, "old", 1, 0.2);
    insert(journal, "new", 2000, 0.3);
    insert(journal, "unpriced", 2000);
    assert.deepEqual(journal.charges.spend(1000), { reported: 0, unreported: 0, expected: 0.5 });
  });

  it("outlives its jobs: their removal, and the end of their time in the list", () => {
    using journal = open();
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
    using journal = open();
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
    using journal = open();
    insert(journal, "one", 1000, 0.3, { state: "waiting", reason: "turn" });
    become(journal, "one", { state: "cancelled" });
    insert(journal, "two", 1000, 0.3, { state: "submitting" });
    become(journal, "two", { state: "failed", problem: { code: "tokenRefused" } });
    assert.deepEqual(journal.charges.spend(0), { reported: 0, unreported: 0, expected: 0 });
  });

  it("keeps a request whose answer got lost in mind, sent again or dropped", () => {
    using journal = open();
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
    using journal = open();
    for (const id of ["one", "two"]) {
      insert(journal, id, 1000, undefined, sent("same"));
      become(journal, id, savedAs("same", id === "one" ? 0.25 : undefined));
    }
    assert.deepEqual(journal.charges.spend(0), { reported: 0.25, unreported: 0, expected: 0 });
  });
});

describe("a sum that no video costs", () => {
  it("makes no other sum impossible: what was spent can always be told, and the cap still holds", () => {
    using journal = open();
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
    assert.throws(() => checkCap(spend, { cap: 100, estimate: 0.1, acceptsUnknown: false }), { message: "capReached" });
  });

  it("is read past where another version or a hand has written it as an estimate", () => {
    const file = freshFile();
    using journal = open(file);
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
    using journal = open();
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
    using journal = open();
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
    using journal = open();
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
      using journal = open();
      insert(journal, "one", lastMonth, undefined, { state: "submitting", attempt: "a" });
      journal.change("one", () => ({ progress: { state: "unclear", problem: lost }, submittedAt: today }));
      become(journal, "one", after);
      assert.deepEqual(journal.charges.spend(today).unreported, 1, after.state);
    }
  });
});

describe("a cost that was told", () => {
  it("stays told when another job takes the same request up again, and that one counts once", () => {
    using journal = open();
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

describe("the tokens that are needed", () => {
  const lost = { code: "submitUnclear", reason: "timeout" } as const;
  const table: readonly (readonly [progress: Progress, isNeeded: boolean])[] = [
    [{ state: "waiting", reason: "turn" }, true],
    [{ state: "submitting", attempt: "a" }, true],
    [{ state: "unclear", problem: lost }, true],
    [sent("r"), true],
    [{ state: "running", requestId: "r" }, true],
    [{ state: "downloading", requestId: "r" }, true],
    [{ state: "needsAction", requestId: "r", problem: { code: "noVideo" } }, true],
    // Ended, and can be taken up again.
    [{ state: "failed", requestId: "r", problem: { code: "watchStopped" } }, true],
    [{ state: "failed", requestId: "r", problem: { code: "noVideo" }, cost: 0.2 }, true],
    [{ state: "failed", problem: lost }, true],
    [{ state: "failed", problem: { ...lost, requestId: "r" } }, true],
    // Ended, and its cost is still to be asked for.
    [savedAs("r"), true],
    [{ state: "cancelled", requestId: "r" }, true],
    [savedAs("r", 0.2), false],
    [{ state: "cancelled" }, false],
    [{ state: "failed", problem: { code: "noBalance" } }, false],
    [{ state: "failed", requestId: "r", problem: { code: "generationFailed", message: "" }, cost: 0 }, false],
  ];
  for (const [progress, isNeeded] of table) {
    it(`${isNeeded ? "have" : "do not have"} the one of a job that is ${JSON.stringify(progress)}`, () => {
      using journal = open();
      insert(journal, "one", 1000, undefined, { state: "submitting", attempt: "a" });
      journal.change("one", () => ({ progress, sentWith: "stored:old" }));
      assert.deepEqual(journal.tokensInUse(), isNeeded ? ["stored:old"] : []);
    });
  }

  it("have the one of a cost that is still to be asked for when its job is gone from the list", () => {
    using journal = open();
    insert(journal, "one", 1000);
    journal.change("one", () => ({ progress: savedAs("r"), sentWith: "stored:old" }));
    journal.remove("one");
    journal.forget("one");
    assert.deepEqual(journal.tokensInUse(), ["stored:old"]);
    journal.tellCost("one", "r", 0.2);
    assert.deepEqual(journal.tokensInUse(), []);
  });
});

describe("a cost that comes late", () => {
  it("stands in the job and in the sum, also when the job is gone", () => {
    using journal = open();
    insert(journal, "one", 1000, 0.3);
    become(journal, "one", savedAs("r-one"));
    journal.tellCost("one", "r-one", 0.28);
    assert.deepEqual(journal.get("one")?.progress, savedAs("r-one", 0.28));
    insert(journal, "two", 1000);
    become(journal, "two", savedAs("r-two"));
    journal.remove("two");
    journal.tellCost("two", "r-two", 0.5);
    assert.deepEqual(journal.charges.spend(0), { reported: 0.78, unreported: 0, expected: 0 });
  });

  it("is asked for by one window at a time, so many times", () => {
    const file = freshFile();
    using here = open(file);
    using there = open(file);
    insert(here, "one", 1000);
    become(here, "one", savedAs("r-one"));
    const [unreported] = here.charges.unreportedCosts(0, 2);
    assert.deepEqual(
      { ...unreported },
      { requestId: "r-one", job: "one", asked: 0, service: order.service, sent_with: null, recipe: "/p/v.flf.json" },
    );
    assert.ok(unreported !== undefined);
    assert.deepEqual(
      [here.charges.claimAsking(unreported, 1000), there.charges.claimAsking(unreported, 1000)],
      ["mine", "over"],
    );
    here.charges.asked(unreported, 1100, false, undefined);
    assert.equal(there.charges.unreportedCosts(0, 1).length, 1, "a try without an answer does not count");
    assert.equal(there.charges.claimAsking(unreported, 1100), "mine");
    there.charges.asked(unreported, 1200, true, undefined);
    assert.equal(there.charges.claimAsking({ ...unreported, asked: 1 }, 1300), "mine");
    assert.deepEqual(here.charges.unreportedCosts(0, 2), []);
    assert.equal(here.charges.unreportedCosts(0, 3).length, 1);
  });

  it("is asked for by few windows at a time: a place is free again half a second after an answer, or after a window's end", () => {
    const file = freshFile();
    using here = open(file);
    using there = open(file);
    for (const id of ["one", "two", "three"]) {
      insert(here, id, 1000);
      become(here, id, savedAs(`r-${id}`));
    }
    const [one, two, three] = here.charges.unreportedCosts(0, 9);
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    assert.deepEqual([here.charges.claimAsking(one, 1000), there.charges.claimAsking(two, 1000)], ["mine", "mine"]);
    assert.equal(typeof there.charges.claimAsking(three, 80_000), "number");
    here.charges.asked(one, 80_000, true, undefined);
    assert.equal(typeof there.charges.claimAsking(three, 80_400), "number");
    assert.equal(there.charges.claimAsking(three, 80_501), "mine");
    assert.equal(typeof there.charges.claimAsking({ ...one, asked: 1 }, 80_600), "number");
    assert.equal(
      there.charges.claimAsking({ ...one, asked: 1 }, 91_001),
      "mine",
      "the second was ended while it asked",
    );
    assert.equal(there.charges.claimAsking(two, 10), "over", "a clock that was set back holds nobody up");
  });

  it("is asked for by no window while the service wants to be left alone; others are", () => {
    const file = freshFile();
    using here = open(file);
    using there = open(file);
    for (const [id, service] of [
      ["one", order.service],
      ["two", order.service],
      ["three", "https://other.example"],
    ] as const) {
      here.insert(job(id, sent(`r-${id}`), { order: { ...order, service } }), "me", 0);
      become(here, id, savedAs(`r-${id}`));
    }
    const [one, two, three] = here.charges.unreportedCosts(0, 9);
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    assert.equal(here.charges.claimAsking(one, 1000), "mine");
    here.charges.asked(one, 2000, false, 600_000);
    assert.deepEqual(
      [one, two].map((each) => there.charges.claimAsking(each, 3000)),
      [599_000, 599_000],
    );
    assert.equal(there.charges.claimAsking(three, 3000), "mine");
    assert.equal(there.charges.claimAsking(one, 602_001), "mine");
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
  using journal = open(file);
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

/** Windows that spend at the same moment, each its own process, each as long as the cap lets it. */
async function spendInWindows(file: string, count: number): Promise<void> {
  const module = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href);
  const program = `
    const { Journal } = await import(${module("jobs/journal/journal.ts")});
    const { patiently } = await import(${module("jobs/journal/sql.ts")});
    const { checkCap } = await import(${module("shared/model/budget.ts")});
    const [file, id, job] = process.argv.slice(1);
    process.stdout.write("ready");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    process.stdin.destroy();
    const journal = await Journal.opened(file);
    for (let n = 0; n < 10; n += 1) {
      const check = () => checkCap(journal.charges.spend(0), { estimate: 0.1, cap: 1, acceptsUnknown: false });
      try {
        await patiently(() => journal.insert({ ...JSON.parse(job), id: id + n }, id, 0, check));
      } catch (error) {
        if (error.problem?.code !== "capReached") throw error;
      }
    }
    journal.close();`;
  const priced = JSON.stringify(job("one", undefined, { order: { ...order, estimate: 0.1 } }));
  const windows = Array.from({ length: count }, (_, index) => {
    const args = ["--input-type=module", "-e", program, file, `window-${index}-`, priced];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    return { child, ready: once(child.stdout, "data"), ended: once(child, "exit") };
  });
  await Promise.all(windows.map(({ ready }) => ready));
  for (const { child } of windows) {
    child.stdin.end("go");
  }
  for (const { ended } of windows) {
    assert.deepEqual(await ended, [0, null]);
  }
}

it("windows that spend at the same moment stay within the cap together", async () => {
  const file = freshFile();
  await spendInWindows(file, 3);
  using journal = open(file);
  assert.equal(journal.list().length, 10);
  assert.equal(Math.round(journal.charges.spend(0).expected * 100), 100);
});
