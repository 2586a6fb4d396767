import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adopted, type OutcomeChange, outcomeFor, retried, sentAgain, stopped } from "../../../src/jobs/decisions.ts";
import { cancelAfter, isEnded, mayBePaid, type Progress } from "../../../src/jobs/job.ts";
import { states } from "../../../src/shared/jobs/states.ts";
import { job } from "./jobs.ts";

const lost = { code: "submitUnclear", reason: "reset" } as const;
const lostWithId = { ...lost, requestId: "named" } as const;
const payment = { estimate: undefined, cap: null, videoCaps: { day: null, month: null }, acceptsUnknown: false };

/** A progress of every state, with all its forms that decide about money. */
const all: readonly Progress[] = [
  { state: "preparing" },
  { state: "waiting", reason: "turn" },
  { state: "submitting", attempt: "this" },
  { state: "submitting", attempt: "another" },
  { state: "unclear", problem: lost, attempt: "this" },
  { state: "unclear", problem: lost, attempt: "another" },
  { state: "unclear", problem: lost },
  { state: "queued", requestId: "r" },
  { state: "running", requestId: "r" },
  { state: "downloading", requestId: "r" },
  { state: "needsAction", requestId: "r", problem: { code: "noVideo" } },
  { state: "saved", requestId: "r", video: "v", recipe: "p" },
  { state: "failed", problem: { code: "noBalance" } },
  { state: "failed", problem: lost },
  { state: "failed", requestId: "r", problem: { code: "watchStopped" } },
  { state: "failed", requestId: "r", problem: { code: "noVideo" } },
  { state: "failed", requestId: "r", problem: { code: "generationFailed", message: "" } },
  { state: "cancelled" },
];

const outcomes: readonly OutcomeChange[] = [
  { progress: { state: "queued", requestId: "new" }, submittedAt: 1 },
  { progress: { state: "waiting", reason: "unreachable" } },
  { progress: { state: "failed", problem: { code: "noBalance" } }, endedAt: 1 },
  { progress: { state: "unclear", problem: lost } },
  { progress: { state: "unclear", problem: lostWithId } },
];

it("the table has every state", () => {
  assert.deepEqual(new Set(all.map(({ state }) => state)), new Set<string>(states));
});

describe("what becomes of a POST", () => {
  for (const progress of all) {
    for (const cancel of [undefined, "asked"] as const) {
      for (const outcome of outcomes) {
        const name = `${JSON.stringify(progress)}${cancel === undefined ? "" : ", cancel asked"} and ${JSON.stringify(outcome.progress)}`;
        it(name, () => {
          const change = outcomeFor(job("one", progress, { cancel }), "this", outcome, 9);
          const isMine = "attempt" in progress && progress.attempt === "this";
          const wasLost = progress.state === "unclear" || (progress.state === "failed" && progress.problem === lost);
          const isAnothers = progress.state === "unclear" && progress.attempt === "another";
          if (outcome.progress.state === "queued") {
            // A paid request is never thrown away: it is the job's, or has one of its own where the job is about another POST.
            assert.equal(change?.progress?.state, isMine || (wasLost && !isAnothers) ? "queued" : undefined);
            assert.equal(change?.besides?.progress, change?.progress === undefined ? outcome.progress : undefined);
          } else if (outcome.progress.state === "unclear") {
            const named = outcome.progress.problem === lostWithId;
            if (progress.state === "submitting" && isMine) {
              assert.deepEqual(change?.progress, { ...outcome.progress, attempt: "this" });
            } else {
              // Only a request's id is news.
              const isTold = wasLost && named && !isAnothers;
              assert.deepEqual(change?.progress, isTold ? { ...progress, problem: lostWithId } : undefined);
              assert.equal(change?.besides?.progress, named && !isTold ? outcome.progress : undefined);
            }
          } else if (!isMine) {
            assert.equal(change, undefined, "the job has moved on");
          } else if (cancel === "asked") {
            // It certainly was not taken: what was cancelled meanwhile must not be sent later.
            assert.equal(change?.progress?.state, "cancelled");
          } else {
            // A job that its user was told stands until they decide is not sent by itself.
            const isUnclear = progress.state === "unclear";
            assert.equal(change?.progress?.state, isUnclear ? "failed" : outcome.progress.state);
            assert.equal(change?.settled, isUnclear ? true : undefined);
          }
        });
      }
    }
  }
});

describe("a cancel", () => {
  it("is pending only where there is something left to cancel", () => {
    for (const progress of all) {
      const canBe = ["submitting", "unclear", "queued", "running"].includes(progress.state) || mayBePaid(progress);
      assert.equal(cancelAfter(progress, "asked"), canBe ? "asked" : undefined, progress.state);
      assert.equal(cancelAfter(progress, "tooLate"), "tooLate");
      if (isEnded(progress) && !mayBePaid(progress)) {
        assert.notEqual(cancelAfter(progress, "asked"), "asked");
      }
    }
  });
});

describe("a user who enters the request's id", () => {
  it("wants the video: an earlier wish to cancel is over", () => {
    for (const progress of all) {
      const change = adopted(job("one", progress, { cancel: "asked" }), "r", 9);
      assert.equal(change?.cancel, change === undefined ? undefined : "none");
    }
  });
});

describe("sending again", () => {
  it("may pay a second time only for a user who was told so", () => {
    for (const progress of all) {
      const plain = sentAgain(job("one", progress), payment);
      const told = sentAgain(job("one", progress), { ...payment, acceptsSecond: true });
      const wasLost = progress.state === "unclear" || (progress.state === "failed" && progress.problem === lost);
      const wasRefused = progress.state === "failed" && progress.requestId === undefined && !wasLost;
      assert.equal(plain !== undefined, wasRefused, JSON.stringify(progress));
      assert.equal(told !== undefined, wasRefused || wasLost, JSON.stringify(progress));
    }
  });
});

describe("an id that the user typed and the service denies", () => {
  const order = { ...job("one").order, unconfirmed: { typed: "typo", problem: lost } };
  const requestUnknown = { code: "requestUnknown" } as const;
  const denied: readonly Progress[] = [
    { state: "queued", requestId: "typo", problem: requestUnknown },
    { state: "running", requestId: "typo", problem: requestUnknown },
    { state: "needsAction", requestId: "typo", problem: requestUnknown },
    { state: "failed", requestId: "typo", problem: requestUnknown },
    { state: "failed", requestId: "typo", problem: { code: "watchStopped", denied: true } },
  ];

  it("is noted where it is entered, with what was unconfirmed before; an id that the answer named is not", () => {
    const typed = adopted(job("one", { state: "unclear", problem: lost }), "typo", 9);
    assert.deepEqual(typed?.order?.unconfirmed, order.unconfirmed);
    const named = adopted(job("one", { state: "unclear", problem: lostWithId }), "named", 9);
    assert.equal(named?.order?.unconfirmed, undefined);
  });

  it("can be entered anew, or the job sent again by a user who was told that it may pay twice", () => {
    for (const progress of denied) {
      const current = job("one", progress, { order });
      const change = adopted(current, "right", 9);
      assert.deepEqual(change?.progress, { state: "queued", requestId: "right" }, JSON.stringify(progress));
      assert.deepEqual(change?.order?.unconfirmed, { typed: "right", problem: lost });
      assert.equal(sentAgain(current, payment), undefined);
      const again = sentAgain(current, { ...payment, acceptsSecond: true });
      assert.deepEqual(again?.progress, { state: "waiting", reason: "turn" });
      assert.deepEqual([again?.order?.lost, again?.order?.unconfirmed], [[""], undefined]);
    }
  });

  it("is still denied after its user stopped watching", () => {
    for (const progress of denied.slice(0, 2)) {
      const change = stopped(job("one", progress, { order }), 9);
      assert.deepEqual(change?.progress, denied.at(-1));
    }
  });

  it("leaves the POST open that it stood for, where the job is open for an earlier one", () => {
    const earlier = { state: "failed", problem: { ...lost, reason: "an earlier request" } } as const;
    const first = adopted(job("one", earlier, { order: { ...job("one").order, lost: [""] } }), "typo", 9);
    assert.deepEqual(first?.order?.lost, ["typo"]);
    const current = job(
      "one",
      { state: "queued", requestId: "typo", problem: requestUnknown },
      { order: first?.order },
    );
    assert.deepEqual(adopted(current, "right", 9)?.order?.lost, ["right"]);
    assert.deepEqual(sentAgain(current, { ...payment, acceptsSecond: true })?.order?.lost, [""]);
  });

  it("is not given up while the service has not denied it, or has once known it", () => {
    const known: readonly [Progress, object][] = [
      [{ state: "queued", requestId: "typo" }, { order }],
      [{ state: "queued", requestId: "typo", problem: { code: "throttled" } }, { order }],
      [{ state: "failed", requestId: "typo", problem: { code: "watchStopped" } }, { order }],
      [
        { state: "running", requestId: "typo", problem: requestUnknown },
        { order, runningAt: 5 },
      ],
      [{ state: "queued", requestId: "another", problem: requestUnknown }, { order }],
      [{ state: "queued", requestId: "typo", problem: requestUnknown }, {}],
    ];
    for (const [progress, changes] of known) {
      const current = job("one", progress, changes);
      assert.equal(adopted(current, "right", 9), undefined, JSON.stringify(progress));
      assert.equal(sentAgain(current, { ...payment, acceptsSecond: true }), undefined);
    }
  });
});

describe("a request that is no longer watched", () => {
  it("keeps its id and can be taken up again; what the service ended cannot", () => {
    for (const progress of all) {
      const change = stopped(job("one", progress), 9);
      const canStop = ["queued", "running", "downloading"].includes(progress.state);
      assert.equal(change !== undefined, canStop, progress.state);
      if (change?.progress !== undefined) {
        assert.deepEqual(retried(job("one", change.progress))?.progress, { state: "running", requestId: "r" });
      }
    }
    assert.equal(
      retried(job("one", { state: "failed", requestId: "r", problem: { code: "generationFailed", message: "" } })),
      undefined,
    );
    assert.equal(retried(job("one", { state: "failed", problem: { code: "noBalance" } })), undefined);
  });
});
