import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import { startEngine } from "../../support/engine/engine.ts";
import { type Received, serve } from "../runcomfy/server.ts";
import { freshFile, job, order } from "./jobs.ts";

// A start with many videos whose cost is not told: real engines over one journal, each as a window of its own.

/** A journal with so many requests that ended without a cost at a service. Gives its folder. */
function journalOf(count: number, service: string): string {
  const file = freshFile();
  mkdirSync(dirname(file), { recursive: true });
  const journal = Journal.open(file);
  const now = Date.now();
  for (let n = 0; n < count; n += 1) {
    const id = `job-${n}`;
    const of = { createdAt: now, order: { ...order, service } };
    journal.insert(job(id, { state: "running", requestId: `r-${n}` }, of), "me", 0);
    const saved = { state: "saved", requestId: `r-${n}`, video: "/none/v.mp4", recipe: "/none/v.flf.json" } as const;
    journal.change(id, () => ({ progress: saved, endedAt: now }));
  }
  journal.close();
  return dirname(file);
}

/** A window whose user comes back to it all the time. */
function window(storage: string, ports: Partial<Ports> = {}) {
  const started = startEngine({ storage, token: "t", ports: { costPauses: [0, 3_600_000], ...ports } });
  const hurry = setInterval(() => started.jobs.wake(), 50);
  return {
    jobs: started.jobs,
    async [Symbol.asyncDispose]() {
      clearInterval(hurry);
      await started[Symbol.asyncDispose]();
    },
  };
}

const isResult = ({ path }: Received) => path.includes("/result");

describe("costs that are asked for", () => {
  it("by many windows at a start are few at a time and come one after the other, until all are told", async () => {
    const count = 12;
    const begun: number[] = [];
    let [open, most] = [0, 0];
    await using server = await serve((response) => {
      begun.push(performance.now());
      open += 1;
      most = Math.max(most, open);
      void setTimeout(200).then(() => {
        open -= 1;
        response.end(JSON.stringify({ status: "succeeded", output: { video: "https://a.example/v.mp4" }, cost: 0.25 }));
      });
    });
    const storage = journalOf(count, server.origin);
    await using one = window(storage);
    await using _two = window(storage);
    await using _three = window(storage);
    while (one.jobs.spend().unreported > 0) {
      await setTimeout(50);
    }
    assert.equal(one.jobs.spend().reported, count * 0.25);
    assert.equal(begun.length, count, "each is asked for by one window");
    assert.ok(most <= 2, `${most} at once`);
    const times = begun.map((at) => at - (begun[0] ?? 0));
    for (const [n, at] of times.entries()) {
      // A place serves one question in 0.7 s: its answer and the pause after it.
      assert.ok(at >= Math.floor(n / 2) * 650, `the ${n + 1}th after ${at} ms`);
    }
  });

  it("wait while the service wants to be left alone, in every window and over restarts", async () => {
    await using server = await serve((response) => {
      response.writeHead(429, { "retry-after": "600" }).end();
    });
    const storage = journalOf(12, server.origin);
    {
      await using _one = window(storage);
      while (server.received.length === 0) {
        await setTimeout(20);
      }
      await setTimeout(1500);
    }
    await using _two = window(storage);
    await using _three = window(storage);
    await setTimeout(1500);
    assert.equal(server.received.filter(isResult).length, 1);
  });
});

describe("a job that stands", () => {
  it("is not asked about while the service wants to be left alone, and neither are others there", async () => {
    await using server = await serve((response) => {
      response.writeHead(429, { "retry-after": "600" }).end();
    });
    const file = freshFile();
    mkdirSync(dirname(file), { recursive: true });
    const journal = Journal.open(file);
    for (const [n, code] of (["requestUnknown", "notOurs", "noVideo"] as const).entries()) {
      const stands = { state: "needsAction", requestId: `r-${n}`, problem: { code } } as const;
      journal.insert(job(`job-${n}`, stands, { order: { ...order, service: server.origin } }), "me", 0);
    }
    journal.close();
    await using _ = window(dirname(file), { healingPause: 20 });
    while (server.received.length === 0) {
      await setTimeout(20);
    }
    await setTimeout(1500);
    assert.equal(server.received.length, 1);
  });
});
