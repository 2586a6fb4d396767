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
  writeFileSync,
  writeSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, mock } from "node:test";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { freshFile, job, order, saved } from "../jobs.ts";
import { startWindow } from "../window.ts";

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
