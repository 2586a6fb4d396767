import assert from "node:assert/strict";
import { test } from "node:test";
import { estimatedCost, needsConfirmation, type Price } from "../../../src/shared/model/price.ts";

test("a price becomes a sum only by a unit that says how", () => {
  const of = (usd: number, unit: string): Price => ({ kind: "known", usd, unit });
  assert.equal(estimatedCost(of(0.05, "second"), {}), 0.05 * (81 / 16));
  assert.equal(estimatedCost(of(0.05, "second"), { length: 141, fps: 24 }), 0.05 * (141 / 24));
  assert.equal(estimatedCost(of(0.3, "output"), { length: 141 }), 0.3);
  assert.equal(estimatedCost(of(0.3, "request"), {}), 0.3);
  assert.equal(estimatedCost(of(0, "output"), {}), 0);
  assert.equal(estimatedCost(of(0.3, "image"), {}), undefined);
  assert.equal(estimatedCost({ kind: "unknown" }, {}), undefined);
});

test("the user is asked above the limit and where the price is unknown, and never without a limit", () => {
  assert.equal(needsConfirmation(null, 1000), false);
  assert.equal(needsConfirmation(null, undefined), false);
  assert.equal(needsConfirmation(0.5, 0.5), false);
  assert.equal(needsConfirmation(0.5, 0.51), true);
  assert.equal(needsConfirmation(0.5, undefined), true);
  assert.equal(needsConfirmation(0, 0), false);
  assert.equal(needsConfirmation(0, 0.01), true);
});
