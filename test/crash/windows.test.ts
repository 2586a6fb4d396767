import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { leaseTime } from "../../src/jobs/leases.ts";
import { checkRest, undamaged } from "./check.ts";
import { makeGround } from "./ground.ts";
import { seedKey } from "./pictures.ts";
import type { Halt } from "./protocol.ts";
import type { Window } from "./window.ts";
import { World, within } from "./world.ts";

/** Nothing here takes longer, even on a busy machine, ms. */
const patience = 60_000;
/** A window that was killed must be followed by another within this time, ms. */
const takeover = 8000;

describe("windows on one journal", { concurrency: true }, () => {
  let ground: Awaited<ReturnType<typeof makeGround>>;
  before(async () => {
    ground = await makeGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  /** Lets all jobs rest, closes the windows and looks at what there is. */
  async function assertAllWell(world: World, ...windows: readonly [Window, ...Window[]]): Promise<void> {
    const [first] = windows;
    const jobs = await within(patience, world.settle(first));
    const told = () => windows.flatMap((window) => window.notified);
    const missing = () => jobs.filter(({ id, state }) => state !== "cancelled" && !told().includes(id));
    await within(patience, Promise.race(windows.map((window) => window.until(() => missing().length === 0))));
    await Promise.all(windows.filter((window) => !window.isGone).map((window) => window.close()));
    assert.deepEqual(checkRest(world, jobs), undamaged());
    assert.deepEqual(
      jobs.filter(({ state }) => state !== "saved"),
      [],
    );
    // A job that stood in between, unclear, is told of then and at its end; no rest is told of twice.
    const lines = windows.flatMap((window) => window.log);
    for (const { id } of jobs) {
      const rests = lines.filter((line) => line.includes(id) && /-> (unclear|needsAction|saved|failed)\b/.test(line));
      const count = told().filter((each) => each === id).length;
      assert.ok(
        count >= 1 && count <= rests.length,
        `${id} came to rest ${rests.length} times and was told of ${count}`,
      );
    }
    await world.clear();
  }

  const submits = (world: World) => world.service.ledger.exchanges.filter(({ call }) => call === "submit").length;
  const says = (window: Window, words: RegExp) => window.until(() => window.log.some((line) => words.test(line)));
  const yielded = (window: Window) => says(window, /another window's now$/);

  async function submitMany(world: World, windows: readonly Window[], each: number): Promise<void> {
    await Promise.all(windows.flatMap((window) => Array.from({ length: each }, () => world.submit(window))));
  }

  /** A job, and the window that stands still at a point of its way. */
  async function stoodStill(world: World, at: Halt["at"]): Promise<{ a: Window; id: string }> {
    const a = world.start({ at, nth: 1, signal: "SIGSTOP" });
    const id = await world.submit(a);
    await within(patience, a.stopped());
    return { a, id };
  }

  /** The same, and another window, for which it is unclear what became of the job's POST. */
  async function foundUnclear(world: World, at: Halt["at"]): Promise<{ a: Window; b: Window; id: string }> {
    const { a, id } = await stoodStill(world, at);
    const b = world.start();
    await within(patience, b.reaches(id, "unclear"));
    return { a, b, id };
  }

  /** Resolves with the ms until no open job is that window's any more. */
  async function takenOver(world: World, from: Window): Promise<number> {
    const started = performance.now();
    // Not read-only: what a kill in the middle of a commit leaves is rolled back by whoever reads first.
    const journal = new DatabaseSync(join(world.storage, "journal.sqlite"), { timeout: 5000 });
    try {
      const open = "state IN ('preparing','waiting','submitting','queued','running','downloading')";
      const left = journal.prepare(`SELECT 1 FROM jobs WHERE ${open} AND owner LIKE ?`);
      while (left.get(`%|${from.pid}|%`) !== undefined) {
        assert(performance.now() - started < patience, "nobody took the jobs over");
        await setTimeout(50);
      }
      return performance.now() - started;
    } finally {
      journal.close();
    }
  }

  it("submit, save and tell of each of 50 jobs once", async () => {
    await using world = await World.make(ground);
    const windows = [world.start(), world.start()] as const;
    await submitMany(world, windows, 25);
    await assertAllWell(world, ...windows);
    assert.equal(submits(world), 50);
    for (const window of windows) {
      assert(
        window.log.some((line) => line.includes("-> saved")),
        "both take their part",
      );
    }
  });

  it("four at once, writing all the time, lose no answer", async () => {
    await using world = await World.make(ground, { hurried: true });
    const windows = [world.start(), world.start(), world.start(), world.start()] as const;
    await submitMany(world, windows, 5);
    await assertAllWell(world, ...windows);
    assert.equal(submits(world), 20);
  });

  it("go on with the jobs of one that is killed within seconds", async (t) => {
    await using world = await World.make(ground);
    const [a, b] = [world.start(), world.start()];
    await submitMany(world, [a, b], 25);
    await a.until(() => a.log.filter((line) => line.includes("-> saved")).length >= 5);
    await a.kill();
    const ms = await takenOver(world, a);
    t.diagnostic(`taken over after ${Math.round(ms)} ms`);
    assert(ms < takeover, `${ms} ms`);
    await assertAllWell(world, b, a);
  });

  it("go on with the jobs of one that stands still, which then does nothing twice", async (t) => {
    await using world = await World.make(ground);
    const a = world.start({ at: "after:queued", nth: 8, signal: "SIGSTOP" });
    const b = world.start();
    await submitMany(world, [a, b], 25);
    await within(patience, a.stopped());
    const ms = await takenOver(world, a);
    t.diagnostic(`taken over after ${Math.round(ms)} ms`);
    assert(ms < leaseTime + takeover, `${ms} ms`);
    a.resume();
    await assertAllWell(world, b, a);
  });

  it("that stood still before its POST does not send it when another has sent the job", async () => {
    await using world = await World.make(ground);
    const { a, b, id } = await foundUnclear(world, "after:submitting");
    await b.ask({ call: "sendAgain", id });
    await within(patience, b.reaches(id, "queued", "running", "downloading", "saved"));
    a.resume();
    await within(patience, says(a, /-> nothing, for waiting$|-> queued, for queued /));
    assert.equal(submits(world), 1);
    await assertAllWell(world, b, a);
  });

  it("that stood still with the answer in its hands still writes it down", async () => {
    await using world = await World.make(ground);
    const { a, b, id } = await foundUnclear(world, "answered");
    a.resume();
    await within(patience, b.reaches(id, "saved"));
    await assertAllWell(world, b, a);
    assert.equal(submits(world), 1);
  });

  it("that stood still with the answer in its hands keeps what was paid, also when the job was dropped", async () => {
    await using world = await World.make(ground);
    const { a, b, id } = await foundUnclear(world, "answered");
    await b.ask({ call: "drop", id });
    a.resume();
    await within(patience, b.reaches(id, "saved"));
    await assertAllWell(world, b, a);
    assert.equal(submits(world), 1);
  });

  it("that stood still with the answer in its hands brings both videos where the user sent again", async () => {
    await using world = await World.make(ground);
    const { a, b, id } = await foundUnclear(world, "answered");
    await b.ask({ call: "sendAgain", id });
    await within(patience, b.reaches(id, "saved"));
    a.resume();
    await within(patience, says(a, /, for queued request /));
    const jobs = await within(patience, world.settle(b));
    await Promise.all([a.close(), b.close()]);
    assert.deepEqual(
      jobs.map(({ state }) => state),
      ["saved", "saved"],
    );
    assert.deepEqual(
      jobs.map(({ requestId }) => requestId).sort(),
      world.service
        .requests()
        .map(({ requestId }) => requestId)
        .sort(),
    );
    assert.deepEqual({ ...checkRest(world, jobs), paidTwice: [] }, undamaged());
    await world.clear();
  });

  it("that stood still with an old answer leaves the job's next POST alone", async () => {
    await using world = await World.make(ground);
    world.service.setFaults([{ on: "submit", nth: 1, do: { respond: { status: 429 }, retryAfter: 1 } }]);
    const a = world.start({ at: "answered", nth: 1, signal: "SIGSTOP" }, true);
    const id = await world.submit(a);
    await within(patience, a.stopped());
    const b = world.start({ at: "answered", nth: 1, signal: "SIGSTOP" });
    await within(patience, b.reaches(id, "unclear"));
    await b.ask({ call: "sendAgain", id });
    await within(patience, b.stopped());
    a.resume();
    const { checkpoints } = a;
    const isThrough = () => checkpoints.lastIndexOf("after:waiting") > checkpoints.indexOf("answered");
    await within(patience, a.until(isThrough));
    b.resume();
    await assertAllWell(world, b, a);
    assert.equal(world.service.requests().length, 1);
    assert.equal(submits(world), 2);
  });

  for (const [at, hardLinks] of [
    ["placing", true],
    ["nameClaimed", false],
    ["recipeWritten", true],
  ] as const) {
    it(`that stood still at ${at} places no second video and takes none away`, async () => {
      await using world = await World.make(ground, { hardLinks });
      const { a, id } = await stoodStill(world, at);
      const b = world.start();
      await within(patience, b.reaches(id, "saved"));
      a.resume();
      await within(patience, yielded(a));
      await assertAllWell(world, b, a);
    });
  }

  it("that goes on where another is saving does not disturb it", async () => {
    await using world = await World.make(ground);
    const { a, id } = await stoodStill(world, "received");
    const b = world.start({ at: "verified", nth: 1, signal: "SIGSTOP" });
    await within(patience, b.stopped());
    a.resume();
    await within(patience, yielded(a));
    b.resume();
    const { problem } = await within(patience, b.reaches(id, "needsAction", "saved"));
    assert.equal(problem, undefined);
    await assertAllWell(world, b, a);
  });

  it("that stood still while it prepared a job does not take it back", async () => {
    await using world = await World.make(ground);
    const a = world.start({ at: "copied:start", nth: 1, signal: "SIGSTOP" });
    const submitted = world.submit(a);
    await within(patience, a.stopped());
    const b = world.start();
    await within(patience, b.rest());
    const [job] = await b.list();
    assert.equal(job?.state, "saved");
    a.resume();
    assert.equal(await within(patience, submitted), job.id);
    await assertAllWell(world, b, a);
    assert.equal(world.service.requests()[0]?.parameters[seedKey], job.seed);
  });

  it("set no timer and use no processor while nothing is open", async () => {
    await using world = await World.make(ground);
    const [a, b] = [world.start(), world.start()];
    await world.submit(a);
    await a.rest();
    await b.rest();
    // The last looks that the end of the job gave rise to.
    await setTimeout(500);
    const earlier = await Promise.all([a.measure(), b.measure()]);
    await setTimeout(3000);
    const later = await Promise.all([a.measure(), b.measure()]);
    for (const [index, { timers, clockReads, changes, cpu }] of later.entries()) {
      assert.equal(timers, 0);
      assert.equal(clockReads, earlier[index]?.clockReads);
      assert.equal(changes, earlier[index]?.changes);
      assert(cpu - (earlier[index]?.cpu ?? 0) < 100);
    }
    await assertAllWell(world, a, b);
  });

  it("do not keep each other busy while a run goes on", async (t) => {
    await using world = await World.make(ground);
    world.service.changeSettings({ timing: { queueMs: 0, runMs: null } });
    const [a, b] = [world.start(), world.start()];
    await a.reaches(await world.submit(a), "running");
    const seconds = 6;
    const earlier = await Promise.all([a.measure(), b.measure()]);
    await setTimeout(seconds * 1000);
    const later = await Promise.all([a.measure(), b.measure()]);
    for (const [index, measure] of later.entries()) {
      const perSecond = (key: "clockReads" | "changes" | "cpu") =>
        (measure[key] - (earlier[index]?.[key] ?? 0)) / seconds;
      t.diagnostic(
        `window ${index}: ${perSecond("clockReads")} clock reads, ${perSecond("changes")} changes, ${perSecond("cpu")} ms of processor a second`,
      );
      assert(perSecond("clockReads") < 8);
      assert(perSecond("changes") < 2);
      assert(perSecond("cpu") < 100);
    }
    await world.service.advance("completed");
    await assertAllWell(world, a, b);
  });
});
