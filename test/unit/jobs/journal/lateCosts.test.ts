import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Progress } from "../../../../src/jobs/job.ts";
import { freshFile, job, openJournal, order } from "../jobs.ts";
import { become, insert, savedAs, sent } from "./paidJobs.ts";

describe("the tokens that are needed", () => {
  const lost = { code: "submitUnclear", reason: "timeout" } as const;
  const table: readonly (readonly [progress: Progress, isNeeded: boolean])[] = [
    [{ state: "waiting", reason: "turn" }, true],
    [{ state: "submitting", attempt: "a" }, true],
    [{ state: "unclear", problem: lost }, true],
    [sent("r"), true],
    [{ state: "running", requestId: "r" }, true],
    [{ state: "downloading", requestId: "r" }, true],
    [{ state: "needsAction", requestId: "r", problem: { code: "noVideo" } }, true],
    // Ended, and can be taken up again.
    [{ state: "failed", requestId: "r", problem: { code: "watchStopped" } }, true],
    [{ state: "failed", requestId: "r", problem: { code: "noVideo" }, cost: 0.2 }, true],
    [{ state: "failed", problem: lost }, true],
    [{ state: "failed", problem: { ...lost, requestId: "r" } }, true],
    // Ended, and its cost is still to be asked for.
    [savedAs("r"), true],
    [{ state: "cancelled", requestId: "r" }, true],
    [savedAs("r", 0.2), false],
    [{ state: "cancelled" }, false],
    [{ state: "failed", problem: { code: "noBalance" } }, false],
    [{ state: "failed", requestId: "r", problem: { code: "generationFailed", message: "" }, cost: 0 }, false],
  ];
  for (const [progress, isNeeded] of table) {
    it(`${isNeeded ? "have" : "do not have"} the one of a job that is ${JSON.stringify(progress)}`, () => {
      using journal = openJournal();
      insert(journal, "one", 1000, undefined, { state: "submitting", attempt: "a" });
      journal.change("one", () => ({ progress, sentWith: "stored:old" }));
      assert.deepEqual(journal.tokensInUse(), isNeeded ? ["stored:old"] : []);
    });
  }

  it("have the one of a cost that is still to be asked for when its job is gone from the list", () => {
    using journal = openJournal();
    insert(journal, "one", 1000);
    journal.change("one", () => ({ progress: savedAs("r"), sentWith: "stored:old" }));
    journal.remove("one");
    journal.forget("one");
    assert.deepEqual(journal.tokensInUse(), ["stored:old"]);
    journal.tellCost("one", "r", 0.2);
    assert.deepEqual(journal.tokensInUse(), []);
  });
});

describe("a cost that comes late", () => {
  it("stands in the job and in the sum, also when the job is gone", () => {
    using journal = openJournal();
    insert(journal, "one", 1000, 0.3);
    become(journal, "one", savedAs("r-one"));
    journal.tellCost("one", "r-one", 0.28);
    assert.deepEqual(journal.get("one")?.progress, savedAs("r-one", 0.28));
    insert(journal, "two", 1000);
    become(journal, "two", savedAs("r-two"));
    journal.remove("two");
    journal.tellCost("two", "r-two", 0.5);
    assert.deepEqual(journal.charges.spend(0), { reported: 0.78, unreported: 0, expected: 0 });
  });

  it("is asked for by one window at a time, so many times", () => {
    const file = freshFile();
    using here = openJournal(file);
    using there = openJournal(file);
    insert(here, "one", 1000);
    become(here, "one", savedAs("r-one"));
    const [unreported] = here.charges.unreportedCosts(0, 2);
    assert.deepEqual(
      { ...unreported },
      { requestId: "r-one", job: "one", asked: 0, service: order.service, sent_with: null, recipe: "/p/v.flf.json" },
    );
    assert.ok(unreported !== undefined);
    assert.deepEqual(
      [here.charges.claimAsking(unreported, 1000), there.charges.claimAsking(unreported, 1000)],
      ["mine", "over"],
    );
    here.charges.asked(unreported, 1100, false, undefined);
    assert.equal(there.charges.unreportedCosts(0, 1).length, 1, "a try without an answer does not count");
    assert.equal(there.charges.claimAsking(unreported, 1100), "mine");
    there.charges.asked(unreported, 1200, true, undefined);
    assert.equal(there.charges.claimAsking({ ...unreported, asked: 1 }, 1300), "mine");
    assert.deepEqual(here.charges.unreportedCosts(0, 2), []);
    assert.equal(here.charges.unreportedCosts(0, 3).length, 1);
  });

  it("is asked for by few windows at a time: a place is free again half a second after an answer, or after a window's end", () => {
    const file = freshFile();
    using here = openJournal(file);
    using there = openJournal(file);
    for (const id of ["one", "two", "three"]) {
      insert(here, id, 1000);
      become(here, id, savedAs(`r-${id}`));
    }
    const [one, two, three] = here.charges.unreportedCosts(0, 9);
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    assert.deepEqual([here.charges.claimAsking(one, 1000), there.charges.claimAsking(two, 1000)], ["mine", "mine"]);
    assert.equal(typeof there.charges.claimAsking(three, 80_000), "number");
    here.charges.asked(one, 80_000, true, undefined);
    assert.equal(typeof there.charges.claimAsking(three, 80_400), "number");
    assert.equal(there.charges.claimAsking(three, 80_501), "mine");
    assert.equal(typeof there.charges.claimAsking({ ...one, asked: 1 }, 80_600), "number");
    assert.equal(
      there.charges.claimAsking({ ...one, asked: 1 }, 91_001),
      "mine",
      "the second was ended while it asked",
    );
    assert.equal(there.charges.claimAsking(two, 10), "over", "a clock that was set back holds nobody up");
  });

  it("is asked for by no window while the service wants to be left alone; others are", () => {
    const file = freshFile();
    using here = openJournal(file);
    using there = openJournal(file);
    for (const [id, service] of [
      ["one", order.service],
      ["two", order.service],
      ["three", "https://other.example"],
    ] as const) {
      here.insert(job(id, sent(`r-${id}`), { order: { ...order, service } }), "me", 0);
      become(here, id, savedAs(`r-${id}`));
    }
    const [one, two, three] = here.charges.unreportedCosts(0, 9);
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    assert.equal(here.charges.claimAsking(one, 1000), "mine");
    here.charges.asked(one, 2000, false, 600_000);
    assert.deepEqual(
      [one, two].map((each) => there.charges.claimAsking(each, 3000)),
      [599_000, 599_000],
    );
    assert.equal(there.charges.claimAsking(three, 3000), "mine");
    assert.equal(there.charges.claimAsking(one, 602_001), "mine");
  });
});
