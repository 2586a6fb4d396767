import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkCap,
  checkVideoCaps,
  dayStart,
  monthStart,
  type Payment,
  usedCaps,
} from "../../../src/shared/model/budget.ts";

const spend = (reported: number, expected = 0) => ({ reported, unreported: 0, expected });
const pay = (estimate: number | undefined, cap: number | null, acceptsUnknown = false): Payment => ({
  estimate,
  cap,
  videoCaps: { day: null, month: null },
  acceptsUnknown,
});

test("a month begins where the user is", () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  assert.equal(monthStart(noon), new Date(2026, 10, 1).getTime());
  assert.equal(monthStart(new Date(2026, 0, 1).getTime()), new Date(2026, 0, 1).getTime());
  assert.equal(monthStart(new Date(2026, 0, 1).getTime() - 1), new Date(2025, 11, 1).getTime());
});

test("a day begins where the user is, also where a clock is changed on it", () => {
  for (const month of [0, 2, 3, 8, 9, 10]) {
    for (let day = 1; day <= 31; day += 1) {
      const start = new Date(2026, month, day).getTime();
      assert.equal(dayStart(new Date(2026, month, day, 23, 59, 59).getTime()), start);
      assert.equal(dayStart(start), start);
      assert.ok(dayStart(start - 1) < start);
    }
  }
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

test("a cap on the number lets through as many as it says, needs no price, and says how much of it is used", () => {
  const made = { day: 2, month: 9 };
  checkVideoCaps(made, { day: null, month: null });
  checkVideoCaps(made, { day: 3, month: 10 });
  assert.throws(() => checkVideoCaps(made, { day: 2, month: 100 }), {
    problem: { code: "videosReached", per: "day", made: 2, cap: 2 },
  });
  assert.throws(() => checkVideoCaps(made, { day: null, month: 4 }), {
    problem: { code: "videosReached", per: "month", made: 9, cap: 4 },
  });
  assert.deepEqual(usedCaps(made, { day: null, month: 10 }), [{ per: "month", made: 9, cap: 10 }]);
});
