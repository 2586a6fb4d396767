import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import {
  adopted,
  cancelled,
  dropped,
  moved,
  type OutcomeChange,
  outcomeFor,
  retried,
  sentAgain,
  stopped,
  trusted,
} from "../../../../src/jobs/decisions.ts";
import { idOf, isEnded, type Job, mayBePaid, type Progress, requestIdOf } from "../../../../src/jobs/job.ts";
import type { Change } from "../../../../src/jobs/journal/change.ts";
import { Journal } from "../../../../src/jobs/journal/journal.ts";
import { states } from "../../../../src/shared/jobs/states.ts";
import type { Problem } from "../../../../src/shared/model/problem.ts";
import { freshFile, job, order } from "../jobs.ts";

// No request is forgotten that may be paid, whatever is decided about its job and whatever becomes of its POSTs.

const lost = (requestId?: string): Problem => ({
  code: "submitUnclear",
  reason: "reset",
  ...(requestId !== undefined && { requestId }),
});
const noBalance: Problem = { code: "noBalance" };

/** A progress of every state, each with all that it can know of its requests. */
const all: readonly Progress[] = [
  { state: "preparing" },
  { state: "waiting", reason: "turn" },
  ...["this", "another", undefined].flatMap((attempt): Progress[] => [
    { state: "submitting", ...(attempt !== undefined && { attempt }) },
    { state: "unclear", problem: lost(), ...(attempt !== undefined && { attempt }) },
    { state: "unclear", problem: lost("old"), ...(attempt !== undefined && { attempt }) },
  ]),
  { state: "queued", requestId: "old" },
  { state: "running", requestId: "old" },
  { state: "downloading", requestId: "old" },
  { state: "needsAction", requestId: "old", problem: { code: "hostNotTrusted", host: "h" } },
  { state: "saved", requestId: "old", video: "v", recipe: "p" },
  { state: "failed", problem: noBalance },
  { state: "failed", problem: lost() },
  { state: "failed", problem: lost("old") },
  { state: "failed", problem: { code: "submitUnclear", reason: "an earlier request", refused: noBalance } },
  { state: "failed", requestId: "old", problem: { code: "watchStopped" } },
  { state: "failed", requestId: "old", problem: { code: "generationFailed", message: "" } },
  { state: "cancelled" },
  { state: "cancelled", requestId: "old" },
];

const outcomes: readonly OutcomeChange[] = [
  { progress: { state: "queued", requestId: "new" }, submittedAt: 5, sentWith: "stored:this" },
  { progress: { state: "unclear", problem: lost("new") }, submittedAt: 5, sentWith: "stored:this" },
  { progress: { state: "unclear", problem: lost() } },
  { progress: { state: "waiting", reason: "throttled" } },
  { progress: { state: "failed", problem: noBalance }, endedAt: 5 },
];

const payment = { estimate: undefined, cap: null, videoCaps: { day: null, month: null }, acceptsUnknown: true };
const decisions: Readonly<Record<string, (job: Job) => Change | undefined>> = {
  cancel: (current) => cancelled(current, 9),
  sendAgain: (current) => sentAgain(current, payment),
  sendAgainKnowingly: (current) => sentAgain(current, { ...payment, acceptsSecond: true }),
  adopt: (current) => adopted(current, "new", 9),
  adoptTheSame: (current) => adopted(current, "old", 9),
  retry: retried,
  move: (current) => moved(current, "/f", "/"),
  trust: trusted,
  stop: (current) => stopped(current, 9),
  drop: (current) => dropped(current, 9),
  // What steps make of a job: a failure before its POST, the service's word, a crash.
  fail: ({ progress }) => (requestIdOf(progress) ? undefined : { progress: { state: "failed", problem: noBalance } }),
  end: ({ progress }) => (requestIdOf(progress) ? undefined : { progress: { state: "cancelled" } }),
};

it("the table has every state", () => {
  assert.deepEqual(new Set(all.map(({ state }) => state)), new Set<string>(states));
});

/** The ways in which a job can have lost earlier POSTs. */
const losses = [undefined, [""], ["older"], ["older", ""]];

/** Tries a change of every job, in one transaction. */
function* tried(decide: (current: Job) => Change | undefined) {
  const changes: { before: Job; after: Job; more: Job[] }[] = [];
  const journal = Journal.open(freshFile());
  try {
    journal.insert(job("first"), "me", 0, () => {
      let count = 0;
      for (const progress of all) {
        for (const lostOnes of losses) {
          for (const cancel of [undefined, "asked"] as const) {
            count += 1;
            const id = `job-${count}`;
            // Each with requests of its own.
            const own = JSON.parse(JSON.stringify(progress).replaceAll('"old"', `"old-${count}"`));
            const facts = { order: { ...order, ...(lostOnes && { lost: lostOnes }) }, sentWith: "stored:last" };
            journal.insert(job(id, own, facts), "me", 0);
            if (cancel !== undefined) {
              journal.change(id, () => ({ cancel }));
            }
            const before = journal.get(id);
            assert.ok(before !== undefined);
            const others = new Set(journal.list().map((other) => other.id));
            const withOwn = (change: Change | undefined): Change | undefined =>
              change && JSON.parse(JSON.stringify(change).replace(/"(old|new)"/g, `"$1-${count}"`));
            journal.change(id, (current) => withOwn(decide(current)));
            const after = journal.get(id);
            assert.ok(after !== undefined);
            changes.push({ before, after, more: journal.list().filter((other) => !others.has(other.id)) });
          }
        }
      }
    });
  } finally {
    journal.close();
  }
  yield* changes;
}

function check({ before, after, more }: { before: Job; after: Job; more: Job[] }): void {
  const name = JSON.stringify([
    before.progress,
    before.order.lost,
    before.cancel,
    "->",
    after.progress,
    after.order.lost,
  ]);
  const named = idOf(before.progress);
  const ids = [after, ...more].map(({ progress }) => idOf(progress));
  if (named !== undefined) {
    assert.ok(ids.includes(named), `${named} is forgotten: ${name}`);
  }
  assert.ok(more.length <= 1, name);
  for (const { progress, order: own, sentWith } of more) {
    assert.ok(!isEnded(progress), name);
    assert.equal(own.lost, undefined, "what else was lost stays with the job that lost it");
    assert.ok(sentWith !== undefined, "it is asked for with the token that it was sent with");
  }
  const isOpen = after.order.lost?.includes("") === true;
  if (isOpen && isEnded(after.progress) && !isEnded(before.progress) && requestIdOf(after.progress) === undefined) {
    assert.ok(mayBePaid(after.progress), `an earlier POST is forgotten: ${name}`);
  }
}

describe("a request that may be paid is not forgotten", () => {
  for (const outcome of outcomes) {
    it(`whatever its job has come to, by an outcome ${JSON.stringify(outcome.progress)}`, () => {
      for (const change of tried((current) => outcomeFor(current, "this", outcome, 9))) {
        check(change);
        const { before, after, more } = change;
        const count = before.id.replace("job-", "");
        if (idOf(outcome.progress) !== undefined) {
          const holders = [after, ...more].filter(({ progress }) => idOf(progress) === `new-${count}`);
          assert.equal(holders.length, 1, JSON.stringify([before, after]));
          assert.equal(holders[0]?.sentWith, "stored:this");
        }
        if (before.cancel === "asked" && mayBePaid(before.progress) && after.progress.state === "queued") {
          assert.equal(after.cancel, "asked");
        }
      }
    });
  }

  for (const [name, decide] of Object.entries(decisions)) {
    it(`by ${name}`, () => {
      for (const change of tried(decide)) {
        check(change);
      }
    });
  }
});

describe("a job whose last POST was refused and of which an earlier one got lost", () => {
  it("says both, and is sent again only by a user who was told so", () => {
    for (const end of [{ state: "failed", problem: noBalance }, { state: "cancelled" }] as const) {
      using window = opened();
      window.journal.insert(job("one", { state: "submitting" }, { order: { ...order, lost: [""] } }), "me", 0);
      const after = window.journal.change("one", () => ({ progress: end }));
      assert.deepEqual(after?.progress, {
        state: "failed",
        problem: {
          code: "submitUnclear",
          reason: "an earlier request",
          ...(end.state === "failed" && { refused: noBalance }),
        },
      });
      assert.ok(after !== undefined);
      assert.equal(sentAgain(after, payment), undefined);
      // It is lost once, however often it is sent again.
      assert.deepEqual(sentAgain(after, { ...payment, acceptsSecond: true })?.order?.lost, [""]);
      assert.deepEqual(adopted(after, "found", 9)?.order?.lost, ["found"]);
    }
  });

  it("ends by its own refusal where each earlier one has its request, in a job of its own", () => {
    using window = opened();
    const { journal } = window;
    journal.insert(job("one", { state: "unclear", problem: lost("named") }), "me", 0);
    journal.change("one", (current) => sentAgain(current, { ...payment, acceptsSecond: true }));
    const after = journal.change("one", () => ({ progress: { state: "failed", problem: noBalance } }));
    assert.deepEqual(after?.progress, { state: "failed", problem: noBalance });
    const others = journal.list().filter(({ id }) => id !== "one");
    assert.deepEqual(
      others.map(({ progress }) => progress),
      [{ state: "unclear", problem: lost("named") }],
    );
  });

  it("is read by this version where a later one gives a reason that it does not know", () => {
    using window = opened();
    const progress: unknown = {
      state: "failed",
      problem: { code: "submitUnclear", reason: "an earlier request", refused: { code: "ofALaterVersion" } },
    };
    window.journal.insert(job("one", { state: "failed", problem: lost() }), "me", 0);
    window.write("one", JSON.stringify(progress));
    assert.deepEqual(window.journal.get("one")?.progress, {
      state: "failed",
      problem: { code: "submitUnclear", reason: "an earlier request", refused: undefined },
    });
  });
});

describe("the tokens that may still be needed", () => {
  it("are those of lost POSTs, too", () => {
    using window = opened();
    const { journal } = window;
    journal.insert(job("one", { state: "unclear", problem: lost() }, { sentWith: "stored:first" }), "me", 0);
    journal.change("one", (current) => sentAgain(current, { ...payment, acceptsSecond: true }));
    journal.change("one", () => ({ progress: { state: "submitting", attempt: "b" }, sentWith: "stored:second" }));
    assert.deepEqual(journal.tokensInUse().sort(), ["stored:first", "stored:second"]);
  });

  it("are those of jobs that have ended and that this version cannot read", () => {
    using window = opened();
    const { journal } = window;
    const progress: Progress = { state: "cancelled" };
    journal.insert(job("one", progress, { sentWith: "stored:later" }), "me", 0);
    assert.deepEqual(journal.tokensInUse(), []);
    window.write("one", JSON.stringify({ state: "cancelled", requestId: 7 }));
    assert.deepEqual(journal.tokensInUse(), ["stored:later"]);
  });
});

function opened() {
  const file = freshFile();
  const journal = Journal.open(file);
  return {
    journal,
    write: (id: string, progress: string) => {
      const db = new DatabaseSync(file);
      db.prepare("UPDATE jobs SET progress = ? WHERE id = ?").run(progress, id);
      db.close();
    },
    [Symbol.dispose]: () => journal.close(),
  };
}
