import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createClient } from "../../../src/runcomfy/client.ts";
import { calls, engine, service, submit, until } from "./engines.ts";

// How a request is followed, and its video fetched.

describe("a pause that the service asks for", () => {
  it("holds for its reads, whatever wakes this window or a fresh one", async () => {
    service.setFaults([{ on: "status", do: { respond: { status: 429, empty: true }, retryAfter: 600 } }]);
    const window = engine();
    const id = await submit(window);
    await until(() => calls("status") === 1);
    await until(() => {
      const progress = window.jobs.get(id)?.progress;
      return progress !== undefined && "problem" in progress && progress.problem !== undefined;
    });
    for (let focus = 0; focus < 8; focus += 1) {
      window.jobs.wake();
      await setTimeout(100);
    }
    await window.jobs.dispose();
    await using _ = engine({}, window.storage);
    await setTimeout(1000);
    assert.equal(calls("status"), 1);
  });

  it("holds for a cancel and for the reads after it, whatever wakes this window or a fresh one", async () => {
    service.changeSettings({ timing: { queueMs: 3_600_000, runMs: 0 } });
    service.setFaults([{ on: "cancel", do: { respond: { status: 429, empty: true }, retryAfter: 600 } }]);
    const window = engine();
    const id = await submit(window);
    await window.reaches(id, "queued");
    await until(() => calls("status") > 0);
    await window.jobs.cancel(id);
    await until(() => JSON.stringify(window.jobs.get(id)?.progress).includes("notBefore"));
    const reads = calls("status");
    for (let focus = 0; focus < 8; focus += 1) {
      window.jobs.wake();
      await window.jobs.cancel(id);
      await setTimeout(100);
    }
    await window.jobs.dispose();
    await using _ = engine({}, window.storage);
    await setTimeout(1000);
    assert.deepEqual([calls("cancel"), calls("status")], [1, reads]);
  });

  it("by its reads does not hold up a user's cancel, which goes once", async () => {
    service.changeSettings({ timing: { queueMs: 3_600_000, runMs: 0 } });
    service.setFaults([
      { on: "status", do: { respond: { status: 429, empty: true }, retryAfter: 600 } },
      { on: "cancel", do: { respond: { status: 503, empty: true } } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await until(() => JSON.stringify(window.jobs.get(id)?.progress).includes("notBefore"));
    await window.jobs.cancel(id);
    await until(() => calls("cancel") === 1);
    for (let focus = 0; focus < 15; focus += 1) {
      window.jobs.wake();
      await setTimeout(200);
    }
    assert.deepEqual([calls("cancel"), calls("status")], [1, 1]);
  });

  it("is none where none is named, but what told nothing is told ever more rarely", async () => {
    service.changeSettings({ timing: { queueMs: 3_600_000, runMs: 0 } });
    service.setFaults([{ on: "cancel", times: 3, do: { respond: { status: 503, empty: true } } }]);
    // A second of this clock is ten seconds of the service's.
    const begun = Date.now();
    await using window = engine({
      now: () => begun + (Date.now() - begun) * 10,
      monotonic: () => performance.now() * 10,
    });
    const id = await submit(window);
    await window.reaches(id, "queued");
    await window.jobs.cancel(id);
    const hurry = setInterval(() => window.jobs.wake(), 20);
    await window.reaches(id, "cancelled");
    clearInterval(hurry);
    const times = service.ledger.exchanges.filter(({ call }) => call === "cancel").map(({ at }) => at);
    const pauses = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    assert.equal(pauses.length, 3);
    for (const [n, least] of [200, 400, 800].entries()) {
      assert.ok((pauses[n] ?? 0) >= least - 50, `${pauses}`);
    }
  });
});

describe("Stop Watching", () => {
  it("ends the reads and keeps the request, which can be taken up again", async () => {
    service.changeSettings({ timing: { queueMs: 0, runMs: null } });
    await using window = engine();
    const id = await submit(window);
    const { progress } = await window.reaches(id, "running");
    assert.ok(progress.state === "running");
    await window.jobs.stopWatching(id);
    const stopped = window.jobs.get(id)?.progress;
    assert.deepEqual(stopped, { state: "failed", requestId: progress.requestId, problem: { code: "watchStopped" } });
    const reads = calls("status");
    window.jobs.wake();
    await setTimeout(500);
    assert.equal(calls("status"), reads);
    await service.advance("completed");
    await window.jobs.retry(id);
    const saved = await window.reaches(id, "saved");
    assert.ok(saved.progress.state === "saved" && saved.progress.requestId === progress.requestId);
    assert.equal(calls("submit"), 1);
  });
});

describe("a fault that nobody foresaw", () => {
  it("is told at the job, which goes on by itself once it is over", async () => {
    let broken = true;
    await using window = engine({
      client: (base) => {
        const client = createClient({ base, fetch: globalThis.fetch, token: async () => service.token });
        return {
          ...client,
          status: (requestId) => {
            if (broken) {
              throw new TypeError("Invalid URL");
            }
            return client.status(requestId);
          },
        };
      },
    });
    const hurry = setInterval(() => window.jobs.wake(), 50);
    try {
      const id = await submit(window);
      await until(() => {
        const progress = window.jobs.get(id)?.progress;
        return progress?.state === "queued" && progress.problem?.code === "unexpected";
      });
      broken = false;
      await window.reaches(id, "saved");
      assert.equal(calls("submit"), 1);
    } finally {
      clearInterval(hurry);
    }
  });
});

describe("downloads that stand still", () => {
  it("do not keep other jobs from being followed", async () => {
    const hang = Promise.withResolvers<void>();
    let downloads = 0;
    const stalling: typeof fetch = async (input, init) => {
      downloads += 1;
      await Promise.race([
        hang.promise,
        new Promise((resolve) => init?.signal?.addEventListener("abort", resolve, { once: true })),
      ]);
      return fetch(input, init);
    };
    await using window = engine({ fetch: stalling });
    const hurry = setInterval(() => window.jobs.wake(), 600);
    try {
      await Promise.all(Array.from({ length: 7 }, () => submit(window)));
      await until(() => downloads >= 6);
      service.changeSettings({ timing: { queueMs: 0, runMs: null } });
      const late = await submit(window);
      await window.reaches(late, "running");
    } finally {
      clearInterval(hurry);
      hang.resolve();
      await service.advance("completed");
    }
  });
});
