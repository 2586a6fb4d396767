import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Job, Progress } from "../../../../src/jobs/job.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { patiently } from "../../../../src/jobs/journal/sql.ts";
import { ProblemError } from "../../../../src/shared/model/problem.ts";
import { freshFile, job, order, saved } from "../jobs.ts";

/** Opens a journal that is closed at the end of the test's block. */
function open(file: string, setAside?: (path: string) => void): Journal & Disposable {
  const journal = Journal.open(file, setAside);
  return Object.assign(journal, { [Symbol.dispose]: () => journal.close() });
}
function fill(file: string, count: number): void {
  using journal = open(file);
  for (let index = 0; index < count; index += 1) {
    journal.insert(job(`job-${index}`), "somebody", 0);
  }
}
const namesBeside = (file: string) => readdirSync(dirname(file)).sort();
/** What of a job is told apart from its order. */
const kept = ({ order: _, ...rest }: Job) => rest;

/** Opens a journal in several processes at the same moment; each adds 10 jobs. */
async function openInWindows(file: string, count: number): Promise<void> {
  const module = (name: string) => JSON.stringify(new URL(`../../../../src/jobs/${name}`, import.meta.url).href);
  const program = `
    const { Journal } = await import(${module("journal/journal.ts")});
    const { patiently } = await import(${module("journal/sql.ts")});
    const [file, id, job] = process.argv.slice(1);
    process.stdout.write("ready");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    process.stdin.destroy();
    const journal = await Journal.opened(file);
    for (let n = 0; n < 10; n += 1) {
      await patiently(() => journal.insert({ ...JSON.parse(job), id: id + n }, id, 0));
    }
    journal.close();`;
  const windows = Array.from({ length: count }, (_, index) => {
    const args = ["--input-type=module", "-e", program, file, `window-${index}-`, JSON.stringify(job("one"))];
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

describe("opening", () => {
  it("makes the folder and the file", () => {
    const file = freshFile();
    using journal = open(file);
    assert.deepEqual(journal.list(), []);
    assert.deepEqual(namesBeside(file), [basename(file)]);
  });

  it("makes them for their user alone, whatever the process lets others do, and so the files beside it", () => {
    const file = freshFile();
    const mask = process.umask(0);
    try {
      using journal = open(file);
      const rights = (path: string) => statSync(path).mode & 0o777;
      assert.deepEqual([rights(dirname(file)), rights(file)], [0o700, 0o600]);
      chmodSync(file, 0o644);
      chmodSync(dirname(file), 0o755);
      using again = open(file);
      assert.deepEqual([rights(dirname(file)), rights(file)], [0o700, 0o600]);
      again.insert(job("one"), "me", 0, () => assert.equal(journal.list().length, 0));
      writeFileSync(file, "no journal".repeat(1000));
      const aside: string[] = [];
      using _fresh = open(file, (path) => aside.push(path));
      assert.deepEqual(aside.map(rights), [0o600]);
    } finally {
      process.umask(mask);
    }
  });

  it("finds again what was written", () => {
    const file = freshFile();
    fill(file, 3);
    using journal = open(file);
    assert.equal(journal.list().length, 3);
  });

  it("takes an empty file for a new one", () => {
    const file = freshFile();
    mkdirSync(dirname(file));
    writeFileSync(file, "");
    using journal = open(file, () => assert.fail("nothing to set aside"));
    assert.deepEqual(journal.list(), []);
  });

  it("works while other windows open it too, for the very first time or after it was spoilt", async () => {
    for (const spoilt of [false, true]) {
      const file = freshFile();
      if (spoilt) {
        mkdirSync(dirname(file));
        writeFileSync(file, "not a database".repeat(1000));
      }
      await openInWindows(file, 3);
      using journal = open(file);
      assert.equal(journal.list().length, 30);
      assert.equal(namesBeside(file).length, spoilt ? 2 : 1);
    }
  });

  it("leaves a newer version's file exactly as it is", () => {
    const file = freshFile();
    mkdirSync(dirname(file));
    const newer = new DatabaseSync(file);
    newer.exec("PRAGMA journal_mode = WAL; CREATE TABLE tasks (id TEXT); PRAGMA user_version = 99;");
    newer.close();
    const before = readFileSync(file);
    assert.throws(
      () => Journal.open(file, () => assert.fail("it is not broken")),
      (error: unknown) =>
        error instanceof ProblemError && error.problem.code === "journalNewer" && error.problem.path === file,
    );
    assert.ok(readFileSync(file).equals(before));
    assert.deepEqual(namesBeside(file), [basename(file)]);
  });
});

describe("a file that is no journal", () => {
  const broken: Record<string, (file: string) => void> = {
    text: (file) => writeFileSync(file, "<html>not a database</html>".repeat(100)),
    noise: (file) =>
      writeFileSync(file, Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 251))),
    "the first half of one": (file) => {
      fill(file, 50);
      truncateSync(file, 6000);
    },
    "one with spoilt pages": (file) => {
      fill(file, 50);
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, bytes.length - 4096);
      writeFileSync(file, bytes);
    },
  };
  for (const [what, spoil] of Object.entries(broken)) {
    it(`(${what}) is set aside with its bytes, and a new one begun`, () => {
      const file = freshFile();
      mkdirSync(dirname(file));
      spoil(file);
      const before = readFileSync(file);
      const aside: string[] = [];
      using journal = open(file, (path) => aside.push(path));
      const [path = ""] = aside;
      assert.equal(aside.length, 1);
      assert.ok(readFileSync(path).equals(before));
      assert.equal(dirname(path), dirname(file));
      journal.insert(job("new"), "me", 0);
      assert.deepEqual(
        journal.list().map(({ id }) => id),
        ["new"],
      );
    });
  }

  it("is no reason to take a folder for one", () => {
    const file = freshFile();
    mkdirSync(file, { recursive: true });
    assert.throws(() => Journal.open(file, () => assert.fail("a folder is not set aside")));
  });
});

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
      using journal = open(freshFile());
      const prompt = "emoji 🎬, quotes \"'`; DROP TABLE jobs; -- \0 end";
      journal.insert(job("one", progress, { order: { ...order, prompt } }), "me", 10);
      const found = journal.get("one");
      assert.deepEqual(found?.progress, progress);
      assert.deepEqual(found.order, { ...order, prompt });
      assert.equal(found.createdAt, 1000);
    });
  }

  it("cannot be inserted twice", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "me", 0);
    assert.throws(() => journal.insert(job("one"), "me", 0));
    assert.equal(journal.list().length, 1);
  });

  it("is gone after its removal", () => {
    using journal = open(freshFile());
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
    using journal = open(freshFile());
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
    using journal = open(freshFile());
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
    using journal = open(freshFile());
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
    using one = open(file);
    using other = open(file);
    one.insert(job("one"), "me", 0);
    other.change("one", () => ({ progress: { state: "cancelled" } }));
    one.change("one", (current) => {
      assert.equal(current.progress.state, "cancelled");
      return undefined;
    });
  });

  it("that fails half-way leaves everything as it was, and the journal usable", () => {
    const file = freshFile();
    using journal = open(file);
    using other = open(file);
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

describe("a lease", () => {
  const held = () => false;
  const free = () => true;
  const owned = (journal: Journal, owner: string) => journal.owned(owner).map(({ id }) => id);

  it("lets only its owner change the job", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "me", 1);
    const change = (owner: string, submittedAt: number) => journal.change("one", () => ({ submittedAt }), owner);
    assert.equal(change("me", 5000)?.submittedAt, 5000);
    assert.equal(change("other", 6000), undefined);
    assert.equal(journal.get("one")?.submittedAt, 5000);
  });

  it("is not asked about by a change without one: a user's decision, a POST's answer", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "me", 1);
    assert.equal(journal.change("one", () => ({ submittedAt: 1 }))?.submittedAt, 1);
  });

  it("gets another stamp each time its owner looks", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "me", 1);
    assert.equal(journal.claim("me", 2, free).taken, false, "nothing was taken over");
    const { leases } = journal.claim("me", 3, free);
    assert.deepEqual(leases, [{ id: "one", state: "waiting", owner: "me", stamp: 2 }]);
  });

  it("is respected while it holds, and taken over when it is free", () => {
    const file = freshFile();
    using mine = open(file);
    using theirs = open(file);
    mine.insert(job("one"), "me", 1);
    assert.equal(theirs.claim("they", 2, held).taken, false);
    assert.deepEqual(owned(theirs, "they"), []);
    assert.equal(theirs.claim("they", 3, free).taken, true);
    assert.deepEqual(owned(theirs, "they"), ["one"]);
    // The first window wakes up and must notice.
    assert.deepEqual(owned(mine, "me"), []);
    assert.equal(
      mine.change("one", () => ({ endedAt: 1 }), "me"),
      undefined,
    );
    assert.equal(mine.claim("me", 4, held).taken, false);
    assert.equal(mine.get("one")?.endedAt, undefined);
  });

  it("is taken one by one", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "dead", 1);
    journal.insert(job("two"), "alive", 1);
    assert.equal(journal.claim("me", 2, ({ owner }) => owner === "dead").taken, true);
    assert.deepEqual(owned(journal, "me"), ["one"]);
    assert.deepEqual(owned(journal, "alive"), ["two"]);
  });

  it("can be given back, but not in the middle of a POST", () => {
    using journal = open(freshFile());
    journal.insert(job("one"), "me", 1);
    journal.insert(job("posting", { state: "submitting" }), "me", 1);
    journal.insert(job("theirs"), "they", 1);
    journal.release("me");
    assert.deepEqual(owned(journal, "me"), ["posting"]);
    assert.equal(journal.claim("other", 2, ({ owner }) => owner === null).taken, true);
    assert.deepEqual(owned(journal, "other"), ["one"]);
    assert.deepEqual(owned(journal, "they"), ["theirs"]);
  });

  it("is taken only of jobs in which there is something to do", () => {
    using journal = open(freshFile());
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
    journal.claim("me", 1, free);
    assert.deepEqual(owned(journal, "me").sort(), active.sort());
    assert.equal(journal.countActive(), 6);
    assert.equal(journal.countAtService(1000), 3);
  });

  it("does not count at the service what drags on there for more than an hour, by whichever clock", () => {
    using journal = open(freshFile());
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

  it("does not count at the service what this version cannot read: nobody here would see its end", () => {
    const file = freshFile();
    using journal = open(file);
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
    using journal = open(freshFile());
    journal.insert(job("one", { state: "unclear", problem: { code: "noFolder" } }), "dead", 0);
    assert.equal(journal.claim("me", 1, free).taken, false);
    journal.change("one", () => ({ progress: { state: "waiting", reason: "turn" } }));
    assert.equal(journal.claim("me", 2, free).taken, true);
  });
});

describe("several windows", () => {
  it("tell the user of a job's end once", () => {
    const file = freshFile();
    using one = open(file);
    using two = open(file);
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
    using one = open(file);
    using two = open(file);
    one.changedByOthers();
    one.insert(job("mine"), "me", 0);
    assert.equal(one.changedByOthers(), false);
    two.insert(job("theirs"), "they", 0);
    assert.equal(one.changedByOthers(), true);
    assert.equal(one.changedByOthers(), false);
  });

  it("wait for each other's transactions", async () => {
    const file = freshFile();
    using journal = open(file);
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

describe("what is written", () => {
  it("is on disk when the call returns, in one file without side files", () => {
    const file = freshFile();
    using journal = open(file);
    journal.insert(job("one"), "me", 0);
    const copy = join(dirname(freshFile()), "copy.sqlite");
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(file));
    using copied = open(copy);
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
    using journal = open(file);
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
