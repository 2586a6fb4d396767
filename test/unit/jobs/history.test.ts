import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runTimesFor } from "../../../src/jobs/steps/runTimes.ts";
import { job, order, saved } from "./jobs.ts";

describe("run times of earlier jobs", () => {
  it("are unknown without any", () => {
    assert.equal(runTimesFor(order, []), undefined);
    assert.equal(runTimesFor(order, [job("waiting"), job("failed", { state: "cancelled" })]), undefined);
  });

  it("are the middle one and the shortest", () => {
    const jobs = [90, 60, 80, 70, 300].map((seconds, index) => saved(String(index), seconds * 1000));
    assert.deepEqual(runTimesFor(order, jobs), { typical: 80_000, shortest: 60_000 });
    assert.deepEqual(runTimesFor(order, [saved("one", 75_000)]), { typical: 75_000, shortest: 75_000 });
  });

  it("come from jobs of the same work only: pixels, frames and steps", () => {
    const jobs = [
      saved("same", 80_000),
      saved("set to the default", 80_000, { parameters: { seed: 1, resolution: "720x1280 (9:16)", length: 81 } }),
      saved("turned", 80_000, { parameters: { seed: 1, resolution: "1280x720 (16:9)", fps: 24, shift: 5 } }),
      saved("small", 10_000, { parameters: { seed: 1, resolution: "480x480 (1:1)" } }),
      saved("long", 200_000, { parameters: { seed: 1, length: 141 } }),
      saved("many steps", 300_000, { parameters: { seed: 1, steps: 20 } }),
    ];
    assert.deepEqual(runTimesFor(order, jobs), { typical: 80_000, shortest: 80_000 });
    const small = { ...order, parameters: { seed: 2, resolution: "480x480 (1:1)" } as const };
    assert.deepEqual(runTimesFor(small, jobs), { typical: 10_000, shortest: 10_000 });
  });

  it("come from the same service only", () => {
    const jobs = [saved("trial", 1200, { service: "http://127.0.0.1:8787" }), saved("real", 80_000)];
    assert.deepEqual(runTimesFor(order, jobs), { typical: 80_000, shortest: 80_000 });
  });

  it("neither come from recovered jobs nor are told for them: their parameters are unknown", () => {
    const unknown = { parameters: undefined } as const;
    assert.equal(runTimesFor(order, [saved("recovered", 5000, unknown)]), undefined);
    assert.equal(runTimesFor({ ...order, ...unknown }, [saved("known", 5000)]), undefined);
  });

  it("do not count a run that was first seen at its end, or whose times are missing or backwards", () => {
    const jobs = [
      saved("late", 1500),
      saved("a", 80_000),
      saved("b", 82_000),
      saved("backwards", -5000),
      saved("at once", 0),
      { ...saved("no start", 1), runningAt: undefined },
      { ...saved("no end", 1), ranUntil: undefined },
    ];
    assert.deepEqual(runTimesFor(order, jobs), { typical: 80_000, shortest: 80_000 });
  });
});
