import assert from "node:assert/strict";
import fs, {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, mock } from "node:test";
import type { Job, Progress } from "../../../src/jobs/job.ts";
import { type Change, Journal } from "../../../src/jobs/journal.ts";
import { freshFile, job, order, saved } from "./jobs.ts";
import { startWindow } from "./window.ts";

const page = 4096;
const long = { order: { ...order, prompt: "word ".repeat(60) } };

/** A journal with many jobs at the service, `count` of them with a request's id, and one that is being sent. */
function fill(file: string, count: number): void {
  const journal = Journal.open(file);
  for (let index = 0; index < count; index += 1) {
    journal.insert(job(`job-${index}`, { state: "queued", requestId: `r-${index}` }, long), "somebody", 0);
  }
  journal.insert(job("posting", { state: "submitting", attempt: "a" }, long), "somebody", 0);
  journal.close();
}

/** The numbers (from 1) of the pages of one kind, by what SQLite itself says of them. */
function pagesOf(file: string, what: "leaf" | "index"): number[] {
  const bytes = readFileSync(file);
  const flags = { leaf: 0x0d, index: 0x0a }[what];
  return Array.from({ length: bytes.length / page }, (_, index) => index + 1).filter(
    (number) => number > 1 && bytes[(number - 1) * page] === flags,
  );
}

function spoil(file: string, pages: readonly number[]): Buffer {
  // In place: a file that is emptied for a moment would be another fault.
  const fd = openSync(file, "r+");
  for (const number of pages) {
    writeSync(fd, Buffer.alloc(page, 0xa5), 0, page, (number - 1) * page);
  }
  closeSync(fd);
  return readFileSync(file);
}

const savedAs = (requestId: string): Progress & { state: "saved" } => ({
  state: "saved",
  requestId,
  video: "/p/v.mp4",
  recipe: "/p/v.flf.json",
});
const asidesOf = (file: string) =>
  readdirSync(dirname(file))
    .filter((name) => name.includes("unreadable"))
    .map((name) => join(dirname(file), name));
const inode = (file: string) => statSync(file).ino;
const accepted = `patiently(() => journal.change("posting", () => ({ progress: { state: "queued", requestId: "paid" } })), 30000)`;

describe("a journal that is spoilt while another window has it open", () => {
  for (const [what, spoilt] of [
    ["a page of jobs", (file: string) => pagesOf(file, "leaf").slice(3, 4)],
    ["every page of its indexes", (file: string) => pagesOf(file, "index")],
  ] as const) {
    it(`(${what}) keeps what can be read, its bytes and the answer that comes after`, async () => {
      const file = freshFile();
      fill(file, 120);
      await using here = await startWindow(file);
      await here.run("await open(); journal.list();");
      const before = inode(file);
      const bytes = spoil(file, spoilt(file));
      await using there = await startWindow(file);
      await there.run("await open();");
      assert.equal(await here.run(`return (await ${accepted})?.progress.requestId`), "paid");
      const [aside = "", ...more] = asidesOf(file);
      assert.deepEqual(more, []);
      assert.deepEqual(await there.run("return aside;"), [aside]);
      assert.ok(readFileSync(aside).equals(bytes), "the copy is the file as it was");
      assert.equal(inode(file), before, "no window is left with a file that has no name");
      const ids = "return journal.list().map(({ id, progress }) => id + ' ' + progress.requestId)";
      const listed = await here.run(ids);
      assert.deepEqual(await there.run(ids), listed);
      assert.ok(Array.isArray(listed) && listed.includes("posting paid") && listed.length > 100, String(listed));
      assert.deepEqual(readdirSync(dirname(file)).sort(), [basename(file), basename(aside)].sort());
    });
  }

  it("is mended by the window that has it open, too, when it comes to write", async () => {
    const file = freshFile();
    fill(file, 120);
    await using here = await startWindow(file);
    await here.run("await open();");
    spoil(file, pagesOf(file, "leaf").slice(3, 4));
    assert.equal(await here.run(`journal.list(); return (await ${accepted})?.progress.requestId`), "paid");
    await using there = await startWindow(file);
    await there.run("await open();");
    assert.equal(await there.run("return journal.get('posting').progress.requestId"), "paid");
    assert.equal(asidesOf(file).length, 1);
  });

  it("loses no answer that was written down, round after round, with two windows at work all the time", async () => {
    const file = freshFile();
    fill(file, 60);
    await using here = await startWindow(file);
    await here.run("await open();");
    for (let round = 0; round < 8; round += 1) {
      const writing = here.run(`for (let n = 0; n < 15; n += 1) {
        await patiently(() => journal.insert({ id: "r${round}-" + n, createdAt: 1,
          order: ${JSON.stringify(order)}, progress: { state: "queued", requestId: "q${round}-" + n } }, "me", 0), 30000);
      }`);
      // An index, so that every row can be read: nothing that was committed may be missing then.
      const [number = 0] = pagesOf(file, "index");
      spoil(file, [number]);
      await using there = await startWindow(file);
      await there.run("await open();");
      await writing;
    }
    const journal = Journal.open(file);
    const ids = new Set(journal.list().map(({ id }) => id));
    journal.close();
    assert.equal([...ids].filter((id) => /^r\d/.test(id)).length, 8 * 15);
  });

  it("goes on where a window was killed in the middle of mending it", async () => {
    const file = freshFile();
    fill(file, 120);
    const spoilt = spoil(file, pagesOf(file, "index"));
    for (let killed = 0; killed < 6; killed += 1) {
      writeFileSync(file, spoilt);
      await using here = await startWindow(file);
      // Killed at one of the writes that follow.
      await here.run(`
        const fs = process.getBuiltinModule("node:fs");
        let left = ${killed * 2};
        for (const name of ["writeSync", "fsyncSync", "ftruncateSync", "rmSync"]) {
          const real = fs[name];
          fs[name] = (...args) => { if (left-- === 0) process.kill(process.pid, "SIGKILL"); return real(...args); };
        }
        process.getBuiltinModule("node:module").syncBuiltinESMExports();`);
      await here.run("await open()").catch(() => undefined);
      await here.kill();
      await using there = await startWindow(file);
      await there.run("await open()");
      assert.equal(await there.run("return journal.list().length"), 121);
      await there.kill();
      assert.deepEqual(
        readdirSync(dirname(file)).filter((name) => name.includes("mending")),
        [],
        `killed at ${killed * 2}`,
      );
    }
  });
});

describe("a journal that is moved away or replaced", () => {
  it("does not take this window's jobs with it: they are written where the journal belongs", async () => {
    const file = freshFile();
    fill(file, 3);
    await using here = await startWindow(file);
    await here.run("await open(); journal.list();");
    renameSync(file, `${file}.elsewhere`);
    assert.equal(await here.run(`return (await ${accepted})?.progress.requestId`), "paid");
    const journal = Journal.open(file);
    assert.deepEqual(
      journal
        .list()
        .map(({ progress }) => "requestId" in progress && progress.requestId)
        .sort(),
      ["paid", "r-0", "r-1", "r-2"],
    );
    journal.close();
  });

  it("by an older copy takes no request's id away, and sends nothing that may be paid", () => {
    const file = freshFile();
    const journal = Journal.open(file);
    journal.insert(job("sent"), "me", 0);
    journal.insert(job("unclear"), "me", 0);
    journal.insert(job("done"), "me", 0);
    const copy = readFileSync(file);
    journal.change("sent", () => ({ progress: { state: "queued", requestId: "r" } }));
    journal.change("unclear", () => ({ progress: { state: "submitting" } }));
    journal.change("done", () => ({ progress: saved("done", 5).progress }));
    // As a sync tool does it.
    writeFileSync(`${file}.new`, copy);
    renameSync(`${file}.new`, file);
    const states = () => Object.fromEntries(journal.list().map(({ id, progress }) => [id, progress.state]));
    assert.deepEqual(states(), { sent: "queued", unclear: "submitting", done: "saved" });
    journal.insert(job("new"), "me", 0);
    journal.close();
    const other = Journal.open(file);
    assert.equal(other.list().length, 4);
    other.close();
  });

  it("is not taken for one on a file system that numbers its files anew at each look", () => {
    const file = freshFile();
    const journal = Journal.open(file);
    const { statSync: real } = fs;
    let number = 0n;
    const looks = mock.method(fs, "statSync", (path: string, options?: { bigint: true; throwIfNoEntry: false }) => {
      if (options === undefined) {
        return real(path);
      }
      number += 1n;
      const met = real(path, options);
      return met && { dev: met.dev, ino: number };
    });
    const opened = mock.method(DatabaseSync.prototype, "exec");
    syncBuiltinESMExports();
    try {
      for (let index = 0; index < 50; index += 1) {
        journal.insert(job(`job-${index}`), "me", 0);
        journal.list();
      }
      const openings = opened.mock.calls.filter(({ arguments: [sql] }) => sql.startsWith("PRAGMA journal_mode")).length;
      assert.ok(looks.mock.callCount() > 0 && openings <= 2, `${openings} times`);
      assert.equal(journal.list().length, 50);
    } finally {
      looks.mock.restore();
      opened.mock.restore();
      syncBuiltinESMExports();
      journal.close();
    }
  });

  it("with its folder is not made up anew", () => {
    const file = freshFile();
    const journal = Journal.open(file);
    journal.insert(job("one"), "me", 0);
    rmSync(dirname(file), { recursive: true });
    assert.throws(() => journal.insert(job("two"), "me", 0));
    assert.throws(() => statSync(dirname(file)));
    journal.close();
    mkdirSync(dirname(file));
  });
});

/** A window that has the journal open, and what it tells its user. */
function known(file = freshFile()) {
  let told = 0;
  const journal = Journal.open(file, undefined, () => {
    told += 1;
  });
  const become = (id: string, progress: Progress, changes: Change = {}) => {
    journal.change(id, () => ({ ...changes, progress }));
    // As views do after each change.
    journal.list();
  };
  return {
    file,
    journal,
    become,
    told: () => told,
    add: (id: string, progress?: Progress, changes: Partial<Job> = {}) => {
      journal.insert(job(id, progress, changes), "me", 0);
      journal.list();
    },
    jobs: () => Object.fromEntries(journal.list().map(({ id, progress }) => [id, progress])),
    [Symbol.dispose]: () => journal.close(),
  };
}

const lost = { code: "submitUnclear", reason: "timeout" } as const;
const older = { state: "unclear", problem: { code: "submitUnclear", reason: "older journal" } };

describe("a journal under a window that has it open", () => {
  const wrongs: Record<string, (file: string, before: Buffer) => void> = {
    "gets older content in place": (file, before) => writeFileSync(file, before),
    "is emptied in place": (file) => truncateSync(file, 0),
    "is cut off in place": (file) => truncateSync(file, 5000),
  };
  for (const [what, wrong] of Object.entries(wrongs)) {
    const everything = (window: ReturnType<typeof known>): Buffer => {
      const { add, become } = window;
      for (const id of ["sent", "posting", "unclear", "named", "stopped", "saved", "cancelled", "refused"]) {
        add(id);
      }
      const before = readFileSync(window.file);
      become("sent", { state: "queued", requestId: "paid-sent" }, { submittedAt: 2000, sentWith: "stored:a" });
      become("posting", { state: "submitting", attempt: "a" });
      become("unclear", { state: "unclear", problem: lost, attempt: "b" });
      become("named", { state: "unclear", problem: { ...lost, requestId: "paid-named" } });
      become("stopped", { state: "failed", requestId: "paid-stopped", problem: { code: "watchStopped" } });
      become("saved", { ...savedAs("paid-saved"), cost: 0.25 }, { endedAt: 3000 });
      become("cancelled", { state: "cancelled" }, { endedAt: 3000 });
      become("refused", { state: "failed", problem: { code: "noBalance" } }, { endedAt: 3000 });
      return before;
    };

    for (const first of ["list", "transaction"] as const) {
      it(`which ${what}, loses nothing that the window knows (${first} first), and its user is told once`, () => {
        using window = known();
        const { journal, file, jobs, told } = window;
        const content = everything(window);
        const [before, spent, tokens] = [jobs(), journal.charges.spend(0), journal.tokensInUse()];
        wrong(file, content);
        if (first === "transaction") {
          const seen: unknown[] = [];
          journal.change("sent", ({ progress }) => {
            seen.push(progress);
            return undefined;
          });
          assert.deepEqual(seen, [before.sent], "nothing is decided by what stands there");
        }
        assert.deepEqual(jobs(), before);
        assert.equal(journal.get("sent")?.submittedAt, 2000);
        assert.deepEqual(journal.charges.spend(0), spent);
        assert.deepEqual(journal.tokensInUse(), tokens);
        assert.equal(told(), 1);
        assert.equal(journal.claimNotification("saved"), false);
        // For windows to come, too.
        using next = known(file);
        assert.deepEqual(next.jobs(), before);
        assert.equal(next.told(), 0);
        window.add("new");
        assert.equal(Object.keys(next.jobs()).length, 9);
        assert.deepEqual([told(), next.told()], [1, 0]);
      });
    }

    it(`which ${what}, is put back by each window as far as it knows more`, () => {
      using one = known();
      const content = everything(one);
      using two = known(one.file);
      two.jobs();
      one.journal.change("posting", () => ({ progress: { state: "queued", requestId: "paid-posting" } }));
      wrong(one.file, content);
      assert.deepEqual(two.jobs().posting, { state: "submitting", attempt: "a" });
      assert.deepEqual(one.jobs().posting, { state: "queued", requestId: "paid-posting" });
      assert.deepEqual(two.jobs(), one.jobs());
    });
  }

  it("which gets older content in place, sends nothing of it that may have been sent since", () => {
    using window = known();
    const { journal, file, add, become, jobs, told } = window;
    add("removed", undefined, { createdAt: 1000 });
    add("waiting", undefined, { createdAt: 1001 });
    const before = readFileSync(file);
    become("removed", { state: "submitting", attempt: "a" });
    become("removed", { state: "queued", requestId: "paid" });
    become("removed", savedAs("paid"));
    const spent = journal.charges.spend(0);
    journal.remove("removed");
    journal.forget("removed");
    journal.list();
    writeFileSync(file, before);
    assert.deepEqual(jobs(), { removed: older, waiting: { state: "waiting", reason: "turn" } });
    assert.equal(journal.charges.requestOf("removed"), "paid");
    assert.deepEqual(journal.charges.spend(0), spent);
    assert.equal(told(), 1);
  });

  it("which is emptied in place, keeps what waits, for its user to decide: another window may have sent it", () => {
    using window = known();
    window.add("waiting");
    window.add("preparing", { state: "preparing" });
    truncateSync(window.file, 0);
    assert.deepEqual(window.jobs(), { waiting: older, preparing: older });
    assert.equal(window.told(), 1);
  });

  it("goes on as it is where another window sends again, refuses, removes and lets go", () => {
    using here = known();
    for (const id of ["again", "throttled", "removed", "named"]) {
      here.add(id, { state: "submitting", attempt: "a" }, { createdAt: 1000 });
    }
    here.become("again", { state: "unclear", problem: lost });
    here.become("named", { state: "failed", problem: { ...lost, requestId: "r" } });
    here.become("removed", { state: "failed", requestId: "paid", problem: { code: "watchStopped" } });
    using there = known(here.file);
    there.become("again", { state: "waiting", reason: "turn" });
    there.become("named", { state: "waiting", reason: "turn" });
    there.become("throttled", { state: "waiting", reason: "throttled" });
    there.journal.remove("removed");
    there.journal.forget("removed");
    // More commits than this window could tell one from the other.
    for (let index = 0; index < 1100; index += 1) {
      there.journal.change("again", () => ({ runningAt: index }));
    }
    assert.deepEqual(here.jobs(), there.jobs());
    assert.deepEqual(Object.keys(here.jobs()).sort(), ["again", "named", "throttled"]);
    assert.equal(here.told() + there.told(), 0);
  });

  it("is not written to by a look, nor by a decision to leave it alone", () => {
    using here = known();
    using there = known(here.file);
    here.add("one");
    there.journal.changedByOthers();
    here.jobs();
    here.journal.change("one", () => undefined);
    here.journal.release("nobody");
    assert.equal(there.journal.changedByOthers(), false);
  });
});

describe("a file that takes the journal's place", () => {
  const inPlaceOf = (file: string, content: Buffer) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };

  it("gets every job that can still be taken up or may be paid for, also of those that have ended", () => {
    for (const [name, progress] of Object.entries({
      stopped: { state: "failed", requestId: "paid", problem: { code: "watchStopped" } },
      dropped: { state: "failed", problem: { ...lost, requestId: "paid" } },
      lost: { state: "failed", problem: lost },
      standing: { state: "failed", requestId: "paid", problem: { code: "noVideo" } },
    } satisfies Record<string, Progress>)) {
      using window = known();
      window.add("one");
      window.become("one", progress);
      rmSync(window.file);
      assert.deepEqual(window.jobs(), { one: progress }, name);
    }
  });

  it("is not sent from what was removed from the list since it was copied", () => {
    using window = known();
    window.add("one");
    const before = readFileSync(window.file);
    window.become("one", { state: "queued", requestId: "paid" });
    window.become("one", savedAs("paid"));
    window.journal.remove("one");
    window.journal.forget("one");
    window.journal.list();
    inPlaceOf(window.file, before);
    assert.deepEqual(window.jobs(), { one: older });
    assert.equal(window.journal.charges.requestOf("one"), "paid");
  });

  it("never gets a row without a request's id in the place of one that has it", () => {
    const withId: Progress[] = [
      { state: "queued", requestId: "paid" },
      { state: "unclear", problem: { ...lost, requestId: "paid" } },
      { state: "failed", requestId: "paid", problem: { code: "watchStopped" } },
    ];
    const without: Progress[] = [
      { state: "waiting", reason: "turn" },
      { state: "unclear", problem: lost },
      { state: "failed", problem: lost },
      { state: "failed", problem: { code: "noBalance" } },
      { state: "cancelled" },
    ];
    for (const named of withId) {
      for (const bare of without) {
        for (const [mine, theirs] of [
          [named, bare],
          [bare, named],
        ] as const) {
          using window = known();
          window.add("one");
          using other = known();
          other.add("one", theirs);
          window.become("one", mine);
          inPlaceOf(window.file, readFileSync(other.file));
          assert.deepEqual(window.jobs(), { one: named }, JSON.stringify([mine, theirs]));
        }
      }
    }
  });

  it("does not make a request forgotten that may be paid, for a refusal that came before it", () => {
    const refused: Progress = { state: "failed", problem: { code: "noBalance" } };
    for (const progress of [
      { state: "submitting", attempt: "a" },
      { state: "unclear", problem: lost },
    ] satisfies Progress[]) {
      using window = known();
      window.add("one");
      window.become("one", refused);
      const before = readFileSync(window.file);
      window.become("one", progress);
      inPlaceOf(window.file, before);
      assert.deepEqual(window.jobs(), { one: progress });
    }
  });
});
