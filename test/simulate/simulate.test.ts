import assert from "node:assert/strict";
import { test } from "node:test";
import { play } from "./play.ts";

test("hundreds of seeds, and in none of them is anything lost, paid twice, stuck or hidden", async () => {
  const { summary, found } = await play("--seeds", "250");
  assert.deepEqual(found, [], "npm run simulate -- --seed N replays one");
  assert.equal(summary.seeds, 250);
  assert.equal(summary.firstFailingSeed, null);
});

test("a seed plays the same to the last line, another one does not", async () => {
  const traces = await Promise.all(["11", "11", "12"].map(async (seed) => (await play("--seed", seed)).summary.trace));
  assert.equal(traces[0], traces[1]);
  assert.notEqual(traces[0], traces[2]);
});
