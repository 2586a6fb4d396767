import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { killAtBoundaries } from "./boundaries.ts";
import { undamaged } from "./check.ts";
import { makeGround } from "./ground.ts";
import { killAtRandom } from "./random.ts";
import { scenarios } from "./scenarios.ts";

/** Kills that a change of the engine must not silently take away. */
const fewestBoundaries = 80;

describe("an engine that is killed", { concurrency: true }, () => {
  let ground: Awaited<ReturnType<typeof makeGround>>;
  before(async () => {
    ground = await makeGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  it("at any boundary of journal and files loses nothing and pays nothing twice", async () => {
    const outcome = await killAtBoundaries(ground, () => undefined);
    assert.deepEqual(outcome.damage, undamaged());
    assert(outcome.kills >= fewestBoundaries, `only ${outcome.kills} kills in ${scenarios.length} scenarios`);
  });

  it("50 times at random moments loses nothing and pays nothing twice", async () => {
    const outcome = await killAtRandom(ground, 50, Math.floor(Math.random() * 1e6), () => undefined);
    assert.deepEqual(outcome.damage, undamaged());
    assert.equal(outcome.kills, 50);
    assert(outcome.jobs > 0);
  });
});
