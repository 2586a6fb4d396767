import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { ProblemError } from "../../../../src/shared/model/problem.ts";
import { fill, freshFile, job, openJournal } from "../jobs.ts";
import { addInWindows } from "./manyWindows.ts";

const namesBeside = (file: string) => readdirSync(dirname(file)).sort();

describe("opening", () => {
  it("makes the folder and the file", () => {
    const file = freshFile();
    using journal = openJournal(file);
    assert.deepEqual(journal.list(), []);
    assert.deepEqual(namesBeside(file), [basename(file)]);
  });

  it("makes them for their user alone, whatever the process lets others do, and so the files beside it", () => {
    const file = freshFile();
    const mask = process.umask(0);
    try {
      using journal = openJournal(file);
      const rights = (path: string) => statSync(path).mode & 0o777;
      assert.deepEqual([rights(dirname(file)), rights(file)], [0o700, 0o600]);
      chmodSync(file, 0o644);
      chmodSync(dirname(file), 0o755);
      using again = openJournal(file);
      assert.deepEqual([rights(dirname(file)), rights(file)], [0o700, 0o600]);
      again.insert(job("one"), "me", 0, () => assert.equal(journal.list().length, 0));
      writeFileSync(file, "no journal".repeat(1000));
      const aside: string[] = [];
      using _fresh = openJournal(file, (path) => aside.push(path));
      assert.deepEqual(aside.map(rights), [0o600]);
    } finally {
      process.umask(mask);
    }
  });

  it("finds again what was written", () => {
    const file = freshFile();
    fill(file, 3);
    using journal = openJournal(file);
    assert.equal(journal.list().length, 3);
  });

  it("takes an empty file for a new one", () => {
    const file = freshFile();
    mkdirSync(dirname(file));
    writeFileSync(file, "");
    using journal = openJournal(file, () => assert.fail("nothing to set aside"));
    assert.deepEqual(journal.list(), []);
  });

  it("works while other windows open it too, for the very first time or after it was spoilt", async () => {
    for (const spoilt of [false, true]) {
      const file = freshFile();
      if (spoilt) {
        mkdirSync(dirname(file));
        writeFileSync(file, "not a database".repeat(1000));
      }
      await addInWindows(file, 3, job("one"));
      using journal = openJournal(file);
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
      using journal = openJournal(file, (path) => aside.push(path));
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
