import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { describe, it, mock } from "node:test";
import { OtherWindows } from "../../../src/jobs/windows.ts";
import { engine, submit } from "./engines.ts";

describe("a system without watches for files", () => {
  it("lets the engine start, and another window's jobs are seen all the same", async (t) => {
    mock.method(fs, "watch", () => {
      throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), { code: "ENOSPC" });
    });
    syncBuiltinESMExports();
    t.after(() => {
      mock.restoreAll();
      syncBuiltinESMExports();
    });
    t.mock.timers.enable({ apis: ["setInterval"] });
    await using one = engine();
    await using other = engine({}, one.storage);
    const id = await submit(one);
    let told = false;
    other.jobs.onDidChange(() => {
      told = true;
    });
    await one.reaches(id, "saved");
    assert.ok(!told, "nothing tells of it");
    t.mock.timers.tick(15_000);
    assert.ok(told);
    assert.equal(other.jobs.get(id)?.progress.state, "saved");
  });
});

describe("a window that is closed", () => {
  it("looks no more, though a view asks for its list late", async (t) => {
    await using window = engine();
    const looks: string[] = [];
    const ports = { storage: window.storage, log: (line: string) => looks.push(line) };
    const journal = Object.assign(Object.create(null), { changedByOthers: () => looks.push("looked") > 0 });
    const others = new OtherWindows(journal, Object.assign(Object.create(null), ports), () => undefined);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    others.lookSoon();
    t.mock.timers.tick(300);
    assert.deepEqual(looks, ["looked"]);
    others.dispose();
    others.lookSoon();
    t.mock.timers.tick(300);
    assert.deepEqual(looks, ["looked"]);
  });
});
