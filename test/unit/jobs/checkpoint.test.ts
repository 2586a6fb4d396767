import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Checkpoint, committed } from "../../../src/jobs/checkpoint.ts";

describe("what is committed", () => {
  const passed: Checkpoint[] = [];
  const ports = { checkpoint: (name: Checkpoint) => passed.push(name) };

  it("stands between its two boundaries", async () => {
    passed.length = 0;
    const written = committed(ports, "decision", () => [...passed]);
    assert.deepEqual(passed, ["before:decision"], "nothing is waited for before the commit");
    assert.deepEqual(await written, ["before:decision"]);
    assert.deepEqual(passed, ["before:decision", "after:decision"]);
  });

  it("does not pass the second one where it fails", async () => {
    passed.length = 0;
    const failed = committed(ports, "saved", () => {
      throw new Error("no room");
    });
    await assert.rejects(failed, /no room/);
    assert.deepEqual(passed, ["before:saved"]);
  });
});
