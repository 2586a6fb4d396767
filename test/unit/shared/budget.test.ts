import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCap, monthStart, type Payment } from "../../../src/shared/model/budget.ts";

const spend = (reported: number, expected = 0) => ({ reported, unreported: 0, expected });
const pay = (estimate: number | undefined, cap: number | null, acceptsUnknown = false): Payment => ({
  estimate,
  cap,
  acceptsUnknown,
});

test("a month begins where the user is", () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  assert.equal(monthStart(noon), new Date(2026, 10, 1).getTime());
  assert.equal(monthStart(new Date(2026, 0, 1).getTime()), new Date(2026, 0, 1).getTime());
  assert.equal(monthStart(new Date(2026, 0, 1).getTime() - 1), new Date(2025, 11, 1).getTime());
});

test("without a cap everything is allowed", () => {
  checkCap(spend(1e6), pay(undefined, null));
});

test("a cap is kept to the cent, with what is expected counted in", () => {
  checkCap(spend(0.1), pay(0.2, 0.3));
  checkCap(spend(0.1, 0.1), pay(0.1, 0.3));
  assert.throws(() => checkCap(spend(0.1, 0.11), pay(0.1, 0.3)), {
    problem: { code: "capReached", cap: 0.3, spent: 0.21000000000000002, estimate: 0.1 },
  });
  checkCap(spend(0), pay(0, 0));
});

test("where the price is not known, the user must have accepted that; a cap that is reached stays one", () => {
  assert.throws(() => checkCap(spend(1), pay(undefined, 2)), { problem: { code: "capUnsure", cap: 2 } });
  checkCap(spend(1), pay(undefined, 2, true));
  assert.throws(() => checkCap(spend(2), pay(undefined, 2, true)), {
    problem: { code: "capReached", cap: 2, spent: 2 },
  });
});
