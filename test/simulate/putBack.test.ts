import assert from "node:assert/strict";
import { test } from "node:test";
import { play } from "./play.ts";
import { faults, putBack } from "./putBack.ts";

/** Seeds within which each fault must be found. What a rare one needs happens often in its worlds, so that no luck is measured. */
const seeds = 300;

for (const [number, fault] of faults) {
  test(`found when put back: ${fault.name}`, async (t) => {
    const options = ["--seeds", String(seeds), "--kinds", fault.kinds.join(), "--until-first"];
    const { summary, found } = await play("--put-back", String(number), ...options);
    assert.notEqual(summary.firstFailingSeed, null, `not found within ${seeds} seeds`);
    t.diagnostic(found[0] ?? "");
  });
}

test("a fault whose place is gone is not put back in silence", () => {
  const [fault] = faults.values();
  assert.ok(fault);
  const [{ file } = { file: "" }] = fault.replaced;
  assert.throws(() => putBack(fault, file, "another text"), /no single place/);
});
