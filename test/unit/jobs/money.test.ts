import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { costOf, type Job } from "../../../src/jobs/job.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import type { Payment } from "../../../src/shared/model/budget.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { recipeSchema } from "../../../src/shared/model/recipe.ts";
import { uncapped } from "../../support/engine/engine.ts";
import { refused } from "../../support/problems.ts";
import type { FaultPlan } from "../../support/service/service.ts";
import * as engines from "./engines.ts";
import { type Engine, engine, submit } from "./hurried.ts";

// What jobs cost: real engines, real HTTP, the local service's own books.

const { service } = engines;

/** The job once the service has told what it cost. */
async function told({ jobs }: Engine, id: string): Promise<Job> {
  const { promise, resolve } = Promise.withResolvers<Job>();
  const look = () => {
    const job = jobs.get(id);
    if (job !== undefined && costOf(job.progress) !== undefined) {
      resolve(job);
    }
  };
  const end = jobs.onDidChange(look);
  look();
  const job = await promise;
  end();
  return job;
}

const recipeOf = async (job: Job) => {
  assert.ok(job.progress.state === "saved");
  return recipeSchema.parse(JSON.parse(await readFile(job.progress.recipe, "utf8")));
};
/** How often results were asked for of runs that had ended; a run that drags on is asked for its result, too. */
function results(): number {
  const { exchanges, requests } = service.ledger;
  const ends = new Map(
    requests.map(({ requestId, history }) => [requestId, history.find(({ state }) => state === "ended")?.at]),
  );
  return exchanges.filter(({ call, path, at }) => {
    const end = ends.get(path.split("/").at(-2) ?? "");
    return call === "result" && end !== undefined && at >= end;
  }).length;
}
const soon = { costPauses: [0, 0, 0] };

describe("a cost that is told after the end", () => {
  it("comes into job, recipe and sum, and nothing waits for it", async () => {
    service.setFaults([{ on: "result", do: { costLag: { times: 3 } } }]);
    const asked: number[] = [];
    await using window = engine({
      ...soon,
      checkpoint: (name) => {
        if (name === "before:saved") {
          asked.push(results());
        }
      },
    });
    const job = await told(window, await submit(window));
    assert.deepEqual(asked, [1], "the video was saved after one look at the result");
    assert.equal(costOf(job.progress), 0.253125);
    assert.equal((await recipeOf(job)).cost, 0.253125);
    assert.deepEqual(window.jobs.spend(), { reported: 0.253125, unreported: 0, expected: 0 });
    assert.equal(results(), 4);
  });

  it("is asked for so many times and no more, also over a restart; then it stays unknown", async () => {
    service.setFaults([{ on: "result", do: { costLag: { times: 100 } } }]);
    const first = engine({ costPauses: [0, 60_000, 0] });
    const id = await submit(first);
    await first.reaches(id, "saved");
    const claimed = () => first.lines.filter((line) => line.includes("/result")).length === 2;
    while (!claimed()) {
      await new Promise((next) => setImmediate(next));
    }
    await first[Symbol.asyncDispose]();
    assert.equal(results(), 2);
    await using second = engine(soon, first.storage);
    while (results() < 4) {
      await new Promise((next) => setImmediate(next));
    }
    // One more change than there are tries: each looks whether anything is left to ask for.
    const other = await submit(second);
    await second.reaches(other, "saved");
    const mine = service.requests()[0]?.requestId ?? "";
    const asked = service.ledger.exchanges.filter(({ path }) => path.includes(`${mine}/result`)).length;
    assert.equal(asked, 4, "once for the video and three times for the cost");
    const job = second.jobs.get(id);
    assert.ok(job !== undefined && costOf(job.progress) === undefined);
    assert.equal((await recipeOf(job)).cost, undefined);
    assert.ok(second.jobs.spend().unreported >= 1);
  });

  it("costs no try while nobody answers, and comes when the service can be reached again", async () => {
    service.setFaults([{ on: "result", do: { costLag: { times: 1 } } }]);
    let isOffline = false;
    let refused = 0;
    const line: typeof fetch = async (...call) => {
      if (isOffline) {
        refused += 1;
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) });
      }
      return fetch(...call);
    };
    await using window = engine({
      costPauses: [0],
      client: (base) => createClient({ base, fetch: line, token: async () => service.token }),
      checkpoint: (name) => {
        isOffline ||= name === "before:saved";
      },
    });
    const id = await submit(window);
    await window.reaches(id, "saved");
    while (refused < 12) {
      await new Promise((next) => setImmediate(next));
    }
    isOffline = false;
    assert.equal(costOf((await told(window, id)).progress), 0.253125);
  });

  it("is asked for, too, where the job was removed from the list before, and comes into sum and recipe", async () => {
    service.setFaults([{ on: "result", do: { costLag: { times: 1 } } }]);
    const window = engine({ costPauses: [3_600_000] });
    const id = await submit(window);
    const job = await window.reaches(id, "saved");
    await window.jobs.remove(id);
    assert.equal(window.jobs.spend().unreported, 1);
    await window[Symbol.asyncDispose]();
    await using later = engine(soon, window.storage);
    while (later.jobs.spend().unreported > 0) {
      await new Promise((next) => setImmediate(next));
    }
    assert.equal(later.jobs.spend().reported, 0.253125);
    assert.equal((await recipeOf(job)).cost, 0.253125);
  });

  it("leaves a recipe alone that somebody has made his own, and keeps what was added", async () => {
    for (const [change, kept] of [
      [(recipe: object) => ({ ...recipe, note: "mine" }), true],
      [(recipe: object) => ({ ...recipe, requestId: "another" }), false],
      [() => "no recipe", false],
    ] as const) {
      service.setFaults([{ on: "result", do: { costLag: { times: 1 } } }]);
      await using window = engine({ costPauses: [150] });
      const id = await submit(window);
      const job = await window.reaches(id, "saved");
      assert.ok(job.progress.state === "saved");
      const path = job.progress.recipe;
      const text = JSON.stringify(change(JSON.parse(await readFile(path, "utf8"))));
      await writeFile(path, text);
      await told(window, id);
      const after = await readFile(path, "utf8");
      if (kept) {
        assert.deepEqual([JSON.parse(after).note, JSON.parse(after).cost], ["mine", 0.253125]);
      } else {
        assert.equal(after, text);
      }
    }
  });
});

describe("what did not become a video", () => {
  const ends: readonly [string, FaultPlan, number][] = [
    ["a failed run that was charged", [{ on: "submit", do: { failRun: { error: "x", charged: true } } }], 0.253125],
    ["a failed run that was not", [{ on: "submit", do: { failRun: { error: "x" } } }], 0],
  ];
  for (const [name, faults, cost] of ends) {
    it(`${name} costs ${cost} USD`, async () => {
      service.setFaults(faults);
      await using window = engine();
      const job = await window.reaches(await submit(window), "failed");
      assert.equal(costOf(job.progress), cost);
      assert.deepEqual(window.jobs.spend(), { reported: cost, unreported: 0, expected: 0 });
      assert.equal(service.ledger.chargedUsd, cost);
    });
  }

  it("a run cancelled in the queue is asked for, and unknown until something is told", async () => {
    service.changeSettings({ timing: { queueMs: null, runMs: null } });
    await using window = engine(soon);
    const id = await submit(window, {
      estimate: 0.3,
      cap: null,
      videoCaps: { day: null, month: null },
      acceptsUnknown: false,
    });
    await window.reaches(id, "queued");
    assert.equal(window.jobs.spend().expected, 0.3);
    await window.jobs.cancel(id);
    await window.reaches(id, "cancelled");
    assert.deepEqual(window.jobs.spend(), { reported: 0, unreported: 1, expected: 0 });
  });
});

describe("the monthly cap", () => {
  const pay = (estimate: number | undefined, cap: number, acceptsUnknown = false): Payment => ({
    estimate,
    cap,
    videoCaps: { day: null, month: null },
    acceptsUnknown,
  });

  it("lets one of two windows through that ask at the same moment for what is left", async () => {
    service.changeSettings({ timing: { queueMs: null, runMs: null } });
    await using one = engine();
    await using other = engine({}, one.storage);
    const asked = [one, other, one, other].map((window) => submit(window, pay(0.3, 0.5)));
    const outcomes = await Promise.allSettled(asked);
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(failed.length, 3);
    assert.ok(failed.every(({ reason }) => refused("capReached")(reason)));
    assert.equal(one.jobs.list().length, 1);
    await one.reaches(one.jobs.list()[0]?.id ?? "", "queued");
    assert.equal(service.requests().length, 1);
  });

  it("counts what was really charged once it is told", async () => {
    await using window = engine();
    await window.reaches(await submit(window, pay(0.1, 0.5)), "saved");
    await assert.rejects(submit(window, pay(0.25, 0.5)), refused("capReached"));
    await window.reaches(await submit(window, pay(0.2, 0.5)), "saved");
    assert.equal(service.requests().length, 2);
  });

  it("holds for sending again, and a price that nobody knows needs the user's word each time", async () => {
    service.setFaults([{ on: "submit", times: 1, do: { resetAfterAccept: true } }]);
    await using window = engine();
    const id = await submit(window, pay(0.3, 0.5));
    await window.reaches(id, "unclear");
    const second = (payment: Payment): Payment => ({ ...payment, acceptsSecond: true });
    await assert.rejects(window.jobs.sendAgain(id, second(pay(0.3, 0.5))), refused("capReached"));
    await assert.rejects(window.jobs.sendAgain(id, second(pay(undefined, 0.5))), refused("capUnsure"));
    assert.equal(window.jobs.get(id)?.progress.state, "unclear");
    assert.equal(service.requests().length, 1);
    await window.jobs.sendAgain(id, second(pay(undefined, 0.5, true)));
    await window.reaches(id, "saved");
    assert.equal(window.jobs.spend().unreported, 1, "the answer that got lost may be paid for");
    await assert.rejects(submit(window, pay(undefined, 5)), refused("capUnsure"));
  });

  it("is free again once a video could not be prepared", async () => {
    await using window = engine({
      conform: () => Promise.reject(new ProblemError({ code: "workerFailed", reason: "x" })),
    });
    await assert.rejects(submit(window, pay(0.3, 0.5)), refused("workerFailed"));
    assert.equal(window.jobs.spend().expected, 0);
  });
});

describe("the caps on the number of videos", () => {
  const at = (day: number | null, month: number | null): Payment => ({ ...uncapped, videoCaps: { day, month } });
  const second = (payment: Payment): Payment => ({ ...payment, acceptsSecond: true });

  for (const caps of [at(1, null), at(null, 1)]) {
    it(`let one of two windows through that ask at the same moment: ${JSON.stringify(caps.videoCaps)}`, async () => {
      service.changeSettings({ timing: { queueMs: null, runMs: null } });
      await using one = engine();
      await using other = engine({}, one.storage);
      const outcomes = await Promise.allSettled([one, other, one, other].map((window) => submit(window, caps)));
      const failed = outcomes.filter((outcome) => outcome.status === "rejected");
      assert.equal(failed.length, 3);
      assert.ok(failed.every(({ reason }) => refused("videosReached")(reason)));
      assert.equal(one.jobs.list().length, 1);
      await one.reaches(one.jobs.list()[0]?.id ?? "", "queued");
      assert.equal(service.requests().length, 1);
      assert.deepEqual(other.jobs.videos(), { day: 1, month: 1 });
    });
  }

  it("count what was made, also after it is gone from the list, and let more through where they are higher", async () => {
    await using window = engine();
    const id = await submit(window, at(1, null));
    await window.reaches(id, "saved");
    await window.jobs.remove(id);
    await assert.rejects(submit(window, at(1, null)), refused("videosReached"));
    await window.reaches(await submit(window, at(2, 2)), "saved");
    await assert.rejects(submit(window, at(null, 2)), refused("videosReached"));
    assert.equal(service.requests().length, 2);
  });

  it("hold for sending again, where the answer that got lost counts besides", async () => {
    service.setFaults([{ on: "submit", times: 1, do: { resetAfterAccept: true } }]);
    await using window = engine();
    const id = await submit(window, at(1, 1));
    await window.reaches(id, "unclear");
    await assert.rejects(window.jobs.sendAgain(id, second(at(1, null))), refused("videosReached"));
    await assert.rejects(window.jobs.sendAgain(id, second(at(null, 1))), refused("videosReached"));
    assert.equal(window.jobs.get(id)?.progress.state, "unclear");
    assert.equal(service.requests().length, 1);
    await window.jobs.sendAgain(id, second(at(2, 2)));
    await window.reaches(id, "saved");
    assert.deepEqual(window.jobs.videos(), { day: 2, month: 2 });
  });

  it("give the place back of what failed unpaid, was refused or could not be prepared", async () => {
    service.setFaults([{ on: "submit", do: { failRun: { error: "x" } } }]);
    await using window = engine();
    await window.reaches(await submit(window, at(1, 1)), "failed");
    service.setFaults([{ on: "submit", do: { respond: { status: 400, json: { error_code: 400002 } } } }]);
    const id = await submit(window, at(1, 1));
    await window.reaches(id, "failed");
    service.setFaults([]);
    assert.deepEqual(window.jobs.videos(), { day: 0, month: 0 });
    await using careless = engine(
      { conform: () => Promise.reject(new ProblemError({ code: "workerFailed", reason: "x" })) },
      window.storage,
    );
    await assert.rejects(submit(careless, at(1, 1)), refused("workerFailed"));
    await window.jobs.sendAgain(id, at(1, 1));
    await window.reaches(id, "saved");
    await assert.rejects(submit(window, at(1, 1)), refused("videosReached"));
  });

  it("begin anew with the user's day and month", async () => {
    let now = new Date(2026, 10, 30, 12).getTime();
    await using window = engine({ now: () => now });
    await window.reaches(await submit(window, at(1, 1)), "saved");
    await assert.rejects(submit(window, at(1, null)), refused("videosReached"));
    now = new Date(2026, 11, 1, 0, 0, 1).getTime();
    assert.deepEqual(window.jobs.videos(), { day: 0, month: 0 });
    await window.reaches(await submit(window, at(1, 1)), "saved");
    now = new Date(2026, 11, 2, 0, 0, 1).getTime();
    assert.deepEqual(window.jobs.videos(), { day: 0, month: 1 });
  });
});
