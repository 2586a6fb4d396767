import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { distanceOf, kindOf, states, statesOf, stateTable } from "../../../../src/shared/jobs/states.ts";

describe("states", () => {
  it("are each of one kind", () => {
    const all = [...statesOf("active"), ...statesOf("user"), ...statesOf("ended")];
    assert.deepEqual(all.toSorted(), states.toSorted());
    assert.deepEqual(statesOf("ended"), ["saved", "failed", "cancelled"]);
    assert.deepEqual(statesOf("user"), ["unclear", "needsAction"]);
  });

  it("have their facts in the table, in their order", () => {
    assert.deepEqual(Object.keys(stateTable), [...states]);
  });

  it("take a place at the service only while the program follows them", () => {
    assert.deepEqual(
      states.filter((state) => stateTable[state].atService),
      ["submitting", "queued", "running"],
    );
    assert.ok(states.every((state) => !stateTable[state].atService || kindOf(state) === "active"));
  });

  it("of which nothing was sent are the first", () => {
    assert.deepEqual(
      states.filter((state) => stateTable[state].unsent),
      ["preparing", "waiting"],
    );
  });

  it("with a pending cancel are those that the service can still be told of", () => {
    assert.deepEqual(
      states.filter((state) => stateTable[state].cancellable),
      ["submitting", "unclear", "queued", "running"],
    );
  });

  it("go further from the first to the last, and a job that is saved is furthest", () => {
    const way = states.filter((state) => state !== "saved").map(distanceOf);
    assert.deepEqual(
      way,
      way.toSorted((a, b) => a - b),
    );
    assert.equal(Math.max(...states.map(distanceOf)), distanceOf("saved"));
    assert.equal(distanceOf("dreaming"), distanceOf("running"), "a state of a later version");
  });
});
