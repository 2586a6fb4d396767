import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import { CostAsker } from "../../../../src/jobs/costs.ts";
import { openJournal } from "../jobs.ts";
import { become, insert, savedAs } from "./paidJobs.ts";

it("a window that waits for the slots of ended windows to ask for a cost looks ever more rarely", async () => {
  using journal = openJournal();
  for (const id of ["one", "two", "three"]) {
    insert(journal, id, 1000);
    become(journal, id, savedAs(`r-${id}`));
  }
  const now = 5000;
  // Two windows took both slots, and were ended while they asked.
  const [one, two] = journal.charges.unreportedCosts(0, 5);
  for (const unreported of [one, two]) {
    assert.ok(unreported !== undefined);
    assert.equal(journal.charges.claimAsking(unreported, now), "mine");
  }
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let clock = 0;
    const claims = mock.method(journal.charges, "claimAsking");
    const ports = {
      monotonic: () => clock,
      now: () => now + clock,
      random: () => 0.5,
      log: () => undefined,
      costPauses: [0, 0, 0],
    };
    const asker = new CostAsker(journal, Object.assign(Object.create(null), ports), () => undefined);
    asker.look();
    for (; clock < 60_000; clock += 250) {
      mock.timers.tick(250);
      await setImmediate();
    }
    asker.dispose();
    assert.ok(claims.mock.callCount() >= 3, "it goes on looking");
    assert.ok(claims.mock.callCount() <= 12, `${claims.mock.callCount()} looks in a minute`);
  } finally {
    mock.timers.reset();
  }
});
