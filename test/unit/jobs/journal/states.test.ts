import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Job, mayBePaid, type Progress, progressSchema } from "../../../../src/jobs/job.ts";
import type { Journal } from "../../../../src/jobs/journal/journal.ts";
import { kindOf, type State, states, stateTable } from "../../../../src/shared/jobs/states.ts";
import type { Problem } from "../../../../src/shared/model/problem.ts";
import { job, openJournal, order } from "../jobs.ts";

// Whatever the journal asks of its rows by their states, it asks by the table: a state that is added there is met here.

const problem: Problem = { code: "submitUnclear", reason: "interrupted" };
const progresses: { readonly [S in State]: Extract<Progress, { state: S }> } = {
  preparing: { state: "preparing" },
  waiting: { state: "waiting", reason: "turn" },
  submitting: { state: "submitting" },
  unclear: { state: "unclear", problem },
  queued: { state: "queued", requestId: "r-queued" },
  running: { state: "running", requestId: "r-running" },
  downloading: { state: "downloading", requestId: "r-downloading" },
  needsAction: { state: "needsAction", requestId: "r-needsAction", problem },
  saved: { state: "saved", requestId: "r-saved", video: "/p/v.mp4", recipe: "/p/v.flf.json" },
  failed: { state: "failed", problem },
  cancelled: { state: "cancelled" },
};
const where = (holds: (state: State) => boolean) => states.filter(holds).toSorted();

/** A journal with one job in each state, called like it, under one lease. */
function filled(): Journal & Disposable {
  const journal = openJournal();
  for (const state of states) {
    journal.insert({ ...job(state, progresses[state]), order: { ...order, estimate: 1 } }, "me", 0);
  }
  return journal;
}

describe("every state", () => {
  it("has facts of its own in a job", () => {
    assert.deepEqual(
      progressSchema.options.map((option) => option.shape.state.value),
      [...states],
    );
  });

  it("is acted on where it is active, and nowhere else", () => {
    using journal = filled();
    const active = where((state) => kindOf(state) === "active");
    assert.deepEqual(
      journal.leases
        .owned("me")
        .map(({ id }) => id)
        .toSorted(),
      active,
    );
    assert.deepEqual(journal.readableActive().toSorted(), active);
    const { leases } = journal.leases.claim("other", 1, () => true);
    assert.deepEqual(leases.map(({ id }) => id).toSorted(), active);
    assert.deepEqual(journal.leases.waiting("other"), ["waiting"]);
  });

  it("gives its lease back, but for a POST under way", () => {
    using journal = filled();
    journal.leases.release("me");
    assert.deepEqual(
      where((state) => journal.leases.holds(state, "me")),
      ["submitting"],
    );
  });

  it("takes a place at the service where the table says so", () => {
    using journal = filled();
    assert.equal(journal.countAtService(1000), where((state) => stateTable[state].atService).length);
  });

  it("can be removed where it is ended, and counts as spending to come where it is not", () => {
    using journal = filled();
    const ended = where((state) => kindOf(state) === "ended");
    assert.equal(journal.charges.spend(0).expected, states.length - ended.length);
    assert.deepEqual(
      where((state) => journal.remove(state) !== undefined),
      ended,
    );
    assert.deepEqual(
      journal
        .removed()
        .map(({ id }) => id)
        .toSorted(),
      ended,
    );
  });

  const isLost = (current: Job | undefined) => current !== undefined && mayBePaid(current.progress);
  it("keeps its pending cancel only where the service can still be told", () => {
    using journal = filled();
    for (const state of states) {
      journal.change(state, () => ({ cancel: "asked" }));
    }
    assert.deepEqual(
      where((state) => journal.get(state)?.cancel === "asked"),
      where((state) => stateTable[state].cancellable || isLost(journal.get(state))),
    );
  });

  it("keeps its uploads until it is ended", () => {
    using journal = filled();
    for (const state of states) {
      const place = { kind: "put" as const, url: `https://store.example/${state}`, name: state };
      journal.uploads.begin(
        {
          ...{ id: state, job: state, side: "start", created_at: 0, state: "uploading" },
          facts: { place, name: state, tries: 0 },
        },
        "me",
        0,
      );
      journal.uploads.release("me");
    }
    const claimed = journal.uploads.claim("other", 1000, 2000, () => true);
    assert.deepEqual(
      claimed.map(({ id }) => id).toSorted(),
      where((state) => kindOf(state) === "ended"),
    );
  });
});
