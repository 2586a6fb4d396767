import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Progress } from "../../../../src/jobs/job.ts";
import type { Journal } from "../../../../src/jobs/journal/journal.ts";
import { patiently } from "../../../../src/jobs/journal/sql.ts";
import { freshFile, job, openJournal, saved } from "../jobs.ts";

describe("a lease", () => {
  const held = () => false;
  const free = () => true;
  const owned = (journal: Journal, owner: string) => journal.leases.owned(owner).map(({ id }) => id);

  it("lets only its owner change the job", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 1);
    const change = (owner: string, submittedAt: number) => journal.change("one", () => ({ submittedAt }), owner);
    assert.equal(change("me", 5000)?.submittedAt, 5000);
    assert.equal(change("other", 6000), undefined);
    assert.equal(journal.get("one")?.submittedAt, 5000);
  });

  it("is not asked about by a change without one: a user's decision, a POST's answer", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 1);
    assert.equal(journal.change("one", () => ({ submittedAt: 1 }))?.submittedAt, 1);
  });

  it("gets another stamp each time its owner looks", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 1);
    assert.equal(journal.leases.claim("me", 2, free).taken, false, "nothing was taken over");
    const { leases } = journal.leases.claim("me", 3, free);
    assert.deepEqual(leases, [{ id: "one", state: "waiting", owner: "me", stamp: 2 }]);
  });

  it("is respected while it holds, and taken over when it is free", () => {
    const file = freshFile();
    using mine = openJournal(file);
    using theirs = openJournal(file);
    mine.insert(job("one"), "me", 1);
    assert.equal(theirs.leases.claim("they", 2, held).taken, false);
    assert.deepEqual(owned(theirs, "they"), []);
    assert.equal(theirs.leases.claim("they", 3, free).taken, true);
    assert.deepEqual(owned(theirs, "they"), ["one"]);
    // The first window wakes up and must notice.
    assert.deepEqual(owned(mine, "me"), []);
    assert.equal(
      mine.change("one", () => ({ endedAt: 1 }), "me"),
      undefined,
    );
    assert.equal(mine.leases.claim("me", 4, held).taken, false);
    assert.equal(mine.get("one")?.endedAt, undefined);
  });

  it("is taken one by one", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "dead", 1);
    journal.insert(job("two"), "alive", 1);
    assert.equal(journal.leases.claim("me", 2, ({ owner }) => owner === "dead").taken, true);
    assert.deepEqual(owned(journal, "me"), ["one"]);
    assert.deepEqual(owned(journal, "alive"), ["two"]);
  });

  it("can be given back, but not in the middle of a POST", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one"), "me", 1);
    journal.insert(job("posting", { state: "submitting" }), "me", 1);
    journal.insert(job("theirs"), "they", 1);
    journal.leases.release("me");
    assert.deepEqual(owned(journal, "me"), ["posting"]);
    assert.equal(journal.leases.claim("other", 2, ({ owner }) => owner === null).taken, true);
    assert.deepEqual(owned(journal, "other"), ["one"]);
    assert.deepEqual(owned(journal, "they"), ["theirs"]);
  });

  it("is taken only of jobs in which there is something to do", () => {
    using journal = openJournal(freshFile());
    const active = ["preparing", "waiting", "submitting", "queued", "running", "downloading"];
    for (const progress of [
      { state: "preparing" },
      { state: "waiting", reason: "turn" },
      { state: "submitting" },
      { state: "unclear", problem: { code: "noFolder" } },
      { state: "queued", requestId: "r" },
      { state: "running", requestId: "r" },
      { state: "downloading", requestId: "r" },
      { state: "needsAction", requestId: "r", problem: { code: "noVideo" } },
      { state: "saved", requestId: "r", video: "v", recipe: "r" },
      { state: "failed", problem: { code: "noBalance" } },
      { state: "cancelled" },
    ] satisfies Progress[]) {
      journal.insert(job(progress.state, progress), "dead", 0);
    }
    journal.leases.claim("me", 1, free);
    assert.deepEqual(owned(journal, "me").sort(), active.sort());
    assert.equal(journal.countActive(), 6);
    assert.equal(journal.countAtService(1000), 3);
  });

  it("does not count at the service what drags on there for more than an hour, by whichever clock", () => {
    using journal = openJournal(freshFile());
    const hour = 3_600_000;
    for (const [id, state, at] of [
      ["fresh", "queued", 10 * hour],
      ["dragging", "running", 9 * hour],
      ["ahead", "queued", 13 * hour],
    ] as const) {
      journal.insert(job(id, { state, requestId: id }), "me", 1);
      journal.change(id, () => ({ submittedAt: at }));
    }
    journal.insert(job("posting", { state: "submitting" }), "me", 1);
    assert.equal(journal.countAtService(10 * hour), 3);
    assert.equal(journal.countAtService(10 * hour + 1), 2);
    assert.equal(journal.countAtService(11 * hour + 1), 1, "a POST always counts");
  });

  it("does not count at the service what the service does not know, at once, and goes on with it", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("mistyped", { state: "queued", requestId: "r" }), "me", 1);
    assert.equal(journal.countAtService(1000), 1);
    const unknown = { state: "queued", requestId: "r", problem: { code: "requestUnknown" } } as const;
    journal.change("mistyped", () => ({ progress: unknown }));
    assert.deepEqual([journal.countAtService(1000), journal.countActive()], [0, 1]);
  });

  it("does not count at the service what this version cannot read: nobody here would see its end", () => {
    const file = freshFile();
    using journal = openJournal(file);
    for (const state of ["submitting", "queued", "running"] as const) {
      journal.insert(job(state, { state, attempt: "a", requestId: "r" }), "me", 1);
    }
    assert.equal(journal.countAtService(1000), 3);
    const db = new DatabaseSync(file);
    db.exec("UPDATE jobs SET progress = json_set(progress, '$.attempt', json('{}'), '$.requestId', json('{}'))");
    db.close();
    assert.deepEqual([journal.unreadable(), journal.countAtService(1000)], [3, 0]);
  });

  it("comes back with a user's decision on a job that stood", () => {
    using journal = openJournal(freshFile());
    journal.insert(job("one", { state: "unclear", problem: { code: "noFolder" } }), "dead", 0);
    assert.equal(journal.leases.claim("me", 1, free).taken, false);
    journal.change("one", () => ({ progress: { state: "waiting", reason: "turn" } }));
    assert.equal(journal.leases.claim("me", 2, free).taken, true);
  });
});

describe("several windows", () => {
  it("tell the user of a job's end once", () => {
    const file = freshFile();
    using one = openJournal(file);
    using two = openJournal(file);
    one.insert(saved("a", 1000), "me", 0);
    one.insert(saved("b", 1000), "me", 0);
    assert.deepEqual(
      [two.claimNotification("a"), one.claimNotification("a"), two.claimNotification("a"), one.claimNotification("b")],
      [true, false, false, true],
    );
    assert.equal(one.claimNotification("never there"), false);
  });

  it("notice each other's commits, and not their own", () => {
    const file = freshFile();
    using one = openJournal(file);
    using two = openJournal(file);
    one.changedByOthers();
    one.insert(job("mine"), "me", 0);
    assert.equal(one.changedByOthers(), false);
    two.insert(job("theirs"), "they", 0);
    assert.equal(one.changedByOthers(), true);
    assert.equal(one.changedByOthers(), false);
  });

  it("wait for each other's transactions", async () => {
    const file = freshFile();
    using journal = openJournal(file);
    journal.insert(job("one"), "me", 0);
    const program = `
      import { DatabaseSync } from "node:sqlite";
      const db = new DatabaseSync(process.argv[1]);
      db.exec("BEGIN EXCLUSIVE");
      process.stdout.write("locked");
      setTimeout(() => { db.exec("COMMIT"); db.close(); }, 300);`;
    const child = execFile(process.execPath, ["--input-type=module", "-e", program, file]);
    const locked = Promise.withResolvers<void>();
    child.stdout?.once("data", () => locked.resolve());
    await locked.promise;
    assert.equal((await patiently(() => journal.change("one", () => ({ runningAt: 5 }))))?.runningAt, 5);
  });
});
