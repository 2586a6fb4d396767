import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, afterEach, before, describe, it, mock } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { mayBePaid } from "../../../src/jobs/job.ts";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import type { Submission } from "../../../src/jobs/order.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import { type Problem, ProblemError } from "../../../src/shared/model/problem.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { type FaultPlan, type Service, startService } from "../../support/service/service.ts";
import { order, saved } from "./jobs.ts";

// What a user can rely on whatever happens around the engine: real engines, real HTTP, the local service's own books.

const picture = (name: string) => fileURLToPath(new URL(`../../support/service/samples/${name}`, import.meta.url));

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-promises-"));
  service = await startService({ timing: { queueMs: 0, runMs: 0 } });
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  service.reset();
  service.changeSettings({ timing: { queueMs: 0, runMs: 0 } });
});

const conform: Ports["conform"] = async ({ bytes }) => ({
  png: bytes,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

let engines = 0;
/** An engine; with `storage`, one more window over that journal. */
function engine(ports: Partial<Ports> = {}, storage = join(folder, `${++engines}`), limits = {}) {
  return Object.assign(startEngine({ storage, token: service.token, limits, ports: { conform, ...ports } }), {
    storage,
  });
}
type Engine = ReturnType<typeof engine>;

const submit = ({ jobs, storage }: Engine, changes: Partial<Submission> = {}) =>
  jobs.submit({
    start: { kind: "file", path: picture("Runcomfy_1272_2.png") },
    end: { kind: "file", path: picture("Runcomfy_1272_1.png") },
    prompt: "One becomes the other.",
    parameters: { resolution: "480x480 (1:1)" },
    service: service.url,
    folder: join(storage, "videos"),
    fileName: "made",
    payment: uncapped,
    ...changes,
  });

const refused = (code: Problem["code"]) => (error: unknown) =>
  error instanceof ProblemError && error.problem.code === code;
const calls = (call: string) => service.ledger.exchanges.filter((exchange) => exchange.call === call).length;

/** Resolves once `holds`; the test's own time limit bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await setTimeout(20);
  }
}

describe("a window whose log is closed before it has ended, as VS Code closes it", () => {
  it("writes down the answer of a paid request that was on its way", async () => {
    service.setFaults([{ on: "submit", do: { delayMs: 1000 } }]);
    let closed = false;
    const log = () => {
      if (closed) {
        throw new Error("Channel has been closed");
      }
    };
    const storage = join(folder, `${++engines}`);
    const window = engine({ log }, storage);
    const id = await submit(window);
    await until(() => calls("submit") === 1);
    closed = true;
    await window.jobs.dispose();
    await using next = engine({}, storage);
    await next.reaches(id, "saved", "unclear");
    assert.equal(next.jobs.get(id)?.progress.state, "saved");
    assert.equal(service.requests().length, 1);
  });

  it("loses nothing when log and notifications throw at every word", async () => {
    const broken = () => {
      throw new Error("Channel has been closed");
    };
    await using window = engine({ log: broken, leftBehind: broken, answerUnsaved: broken });
    await window.reaches(await submit(window), "saved", "unclear", "failed");
    assert.equal(window.jobs.list()[0]?.progress.state, "saved");
    assert.equal(calls("submit"), 1);
  });
});

describe("an answer that cannot be written down", () => {
  const answers: Record<string, FaultPlan> = {
    "that accepts": [],
    "that is not clear and names the request": [
      { on: "submit", do: { respond: { status: 500, json: { request_id: "named" } } } },
    ],
  };
  for (const [what, faults] of Object.entries(answers)) {
    it(`(${what}) is told to its user by the request's id after some seconds, and written down once it can be`, async () => {
      service.setFaults(faults);
      const storage = join(folder, `${++engines}`);
      const told: string[] = [];
      let blocker: DatabaseSync | undefined;
      await using window = engine(
        {
          // A second of this clock is ten seconds of the tests'.
          monotonic: () => performance.now() * 10,
          checkpoint: (name) => {
            if (name === "answered") {
              blocker = new DatabaseSync(join(storage, "journal.sqlite"));
              blocker.exec("BEGIN EXCLUSIVE");
            }
          },
          answerUnsaved: (requestId) => {
            told.push(requestId);
            blocker?.close();
          },
        },
        storage,
      );
      const id = await submit(window);
      const { progress } = await window.reaches(id, "queued", "running", "downloading", "saved", "unclear");
      if (faults.length > 0) {
        assert.ok(progress.state === "unclear" && progress.problem.code === "submitUnclear");
        assert.equal(progress.problem.requestId, "named");
        assert.deepEqual(told, ["named"]);
      } else {
        assert.deepEqual(
          told,
          service.requests().map(({ requestId }) => requestId),
        );
        await window.reaches(id, "saved");
      }
      assert.equal(calls("submit"), 1);
    });
  }
});

describe("an older copy of the journal", () => {
  const ways: Record<string, (file: string, copy: Buffer) => void> = {
    "written into it": (file, copy) => fs.writeFileSync(file, copy),
    "put in its place": (file, copy) => {
      fs.writeFileSync(`${file}.new`, copy);
      fs.renameSync(`${file}.new`, file);
    },
  };
  for (const [how, put] of Object.entries(ways)) {
    it(`${how} under an open window pays nothing a second time`, async () => {
      const storage = join(folder, `${++engines}`);
      const file = join(storage, "journal.sqlite");
      const copies: Buffer[] = [];
      const checkpoint = (name: string) => {
        // The job waits, and goes out next.
        if (name === "before:submitting") {
          copies.push(fs.readFileSync(file));
        }
      };
      await using window = engine({ checkpoint }, storage);
      const id = await submit(window);
      await window.reaches(id, "saved");
      await window.jobs.remove(id);
      assert.deepEqual(window.jobs.list(), []);
      const [copy] = copies;
      assert.ok(copy !== undefined);
      put(file, copy);
      await until(() => {
        window.jobs.wake();
        return window.jobs.get(id) !== undefined;
      });
      assert.equal((await window.reaches(id, "unclear", "submitting", "saved")).progress.state, "unclear");
      assert.equal(service.requests().length, 1);
      const progress = window.jobs.get(id)?.progress;
      assert.ok(progress?.state === "unclear" && progress.problem.code === "submitUnclear");
      assert.equal(progress.problem.requestId, service.requests()[0]?.requestId);
      await window.jobs.adopt(id, progress.problem.requestId ?? "");
      await window.reaches(id, "saved");
      assert.equal(calls("submit"), 1);
    });
  }

  it("is sent nothing from by a window that opens it where it knows what a job was sent as", async () => {
    const storage = join(folder, `${++engines}`);
    const file = join(storage, "journal.sqlite");
    const journal = Journal.open(file);
    const url = { kind: "url", url: "https://images.example/a.png" } as const;
    const ready = { ...order, start: url, end: url, service: service.url, folder: storage };
    journal.insert({ ...saved("one", 1000), order: ready, progress: { state: "running", requestId: "paid" } }, "me", 0);
    journal.change("one", () => ({ progress: saved("one", 1000).progress }));
    journal.close();
    const db = new DatabaseSync(file);
    const waiting = JSON.stringify({ state: "waiting", reason: "turn" });
    db.prepare("UPDATE jobs SET state = 'waiting', progress = ?, owner = NULL").run(waiting);
    db.close();
    await using window = engine({}, storage);
    const { progress } = await window.reaches("one", "unclear", "queued", "failed");
    assert.deepEqual(progress, {
      state: "unclear",
      problem: { code: "submitUnclear", reason: "older journal", requestId: "r-one" },
    });
    assert.equal(calls("submit"), 0);
    // Its user may have it sent all the same.
    await window.jobs.sendAgain("one", { ...uncapped, acceptsSecond: true });
    await until(() => calls("submit") === 1);
  });
});

describe("a system without watches for files", () => {
  it("lets the engine start, and another window's jobs are seen all the same", async (t) => {
    mock.method(fs, "watch", () => {
      throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), { code: "ENOSPC" });
    });
    syncBuiltinESMExports();
    t.after(() => {
      mock.restoreAll();
      syncBuiltinESMExports();
    });
    t.mock.timers.enable({ apis: ["setInterval"] });
    await using one = engine();
    await using other = engine({}, one.storage);
    const id = await submit(one);
    let told = false;
    other.jobs.onDidChange(() => {
      told = true;
    });
    await one.reaches(id, "saved");
    assert.ok(!told, "nothing tells of it");
    t.mock.timers.tick(15_000);
    assert.ok(told);
    assert.equal(other.jobs.get(id)?.progress.state, "saved");
  });
});

describe("a setting that is wrong", () => {
  const problem: Problem = { code: "settingInvalid", setting: "wanFlf2v.jobsAtOnce", value: "100" };

  it("stops what would be sent, and nothing else", async () => {
    service.changeSettings({ timing: { queueMs: 0, runMs: null } });
    const limits: { problem?: Problem | undefined } = {};
    await using window = engine({}, undefined, limits);
    // The options are spread once: what changes later comes by the port.
    const id = await submit(window);
    await window.reaches(id, "running");
    await window.jobs.dispose();

    await using wrong = engine({}, window.storage, { problem });
    await assert.rejects(submit(wrong), refused("settingInvalid"));
    await service.advance("completed");
    await wrong.reaches(id, "saved");
    assert.equal(calls("submit"), 1);
  });

  it("keeps a job that waits, with its reason, until it is mended", async () => {
    let present: Problem | undefined;
    service.setFaults([{ on: "submit", times: 1, do: { respond: { status: 429, empty: true } } }]);
    const limits: Ports["limits"] = () => ({
      jobsAtOnce: 5,
      videoBytes: 100_000_000,
      trustedHosts: [],
      keepEnded: 90 * 24 * 3_600_000,
      deleteUploads: true,
      problem: present,
    });
    let ahead = 0;
    await using window = engine({ limits, now: () => Date.now() + ahead });
    const id = await submit(window);
    await until(() => calls("submit") === 1);
    present = problem;
    ahead = 60_000;
    window.jobs.wake();
    await until(() => {
      const progress = window.jobs.get(id)?.progress;
      window.jobs.wake();
      return progress?.state === "waiting" && progress.problem?.code === "settingInvalid";
    });
    present = undefined;
    window.jobs.wake();
    await window.reaches(id, "saved");
  });
});

describe("a picture that changed since it was shown", () => {
  it("is not sent, on either side", async () => {
    await using window = engine();
    const path = join(folder, "shown.png");
    await writeFile(path, "what was shown");
    const sha256 = createHash("sha256").update("what was shown").digest("hex");
    const side = { kind: "file", path } as const;
    await writeFile(path, "what came after");
    await assert.rejects(submit(window, { start: side, seen: { start: sha256 } }), refused("imageChanged"));
    await assert.rejects(submit(window, { end: side, seen: { end: sha256 } }), refused("imageChanged"));
    assert.deepEqual(window.jobs.list(), []);
    assert.equal(calls("submit"), 0);
  });
});

describe("a job whose images are being prepared", () => {
  it("keeps its lease, however long that takes", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using window = engine({
      conform: async (image, size, plan) => {
        await promise;
        return conform(image, size, plan);
      },
    });
    const submitted = submit(window);
    await until(() => window.jobs.list().length === 1);
    const stamps = new Set<number | null>();
    const journal = Journal.open(join(window.storage, "journal.sqlite"));
    await until(() => {
      for (const { stamp } of journal.claim("another window", 1, () => false).leases) {
        stamps.add(stamp);
      }
      return stamps.size >= 2;
    });
    journal.close();
    resolve();
    await window.reaches(await submitted, "saved");
  });
});

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

describe("Send Again", () => {
  it("does not pay a second time for a user who was asked about a job that was not sent yet", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { respond: { status: 422, json: { detail: "no" } } } },
      { on: "submit", nth: 2, do: { resetAfterAccept: true } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "failed");
    // Two windows ask their user at the same time; nothing can be paid twice as far as both know.
    await window.jobs.sendAgain(id, uncapped);
    const { submittedAt } = await window.reaches(id, "unclear");
    assert.ok(submittedAt !== undefined, "what may be paid for belongs to the time of its POST");
    await assert.rejects(async () => window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    assert.equal(window.jobs.get(id)?.progress.state, "unclear");
    assert.equal(calls("submit"), 2);
  });
});

describe("a request that an unclear answer named", () => {
  it("is kept in the list when its job is sent again, and can be fetched by its id", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { acceptThenRespond: { status: 500, json: { request_id: "named-1" } } } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
    await window.reaches(id, "saved");
    const [kept] = window.jobs.list().filter((job) => job.id !== id);
    assert.ok(kept?.progress.state === "unclear");
    assert.deepEqual(kept.progress.problem, { code: "submitUnclear", reason: "HTTP 500", requestId: "named-1" });
    assert.equal(calls("submit"), 2);
  });

  it("is kept in the list when its user enters another id", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { acceptThenRespond: { status: 500, json: { request_id: "named-2" } } } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.adopt(id, "mistyped");
    const [kept] = window.jobs.list().filter((job) => job.id !== id);
    assert.ok(kept?.progress.state === "unclear");
    assert.deepEqual(kept.progress.problem, { code: "submitUnclear", reason: "HTTP 500", requestId: "named-2" });
  });

  it("whose job is sent again and then cancelled or refused may still be paid, and its user can look for it", async () => {
    service.setFaults([
      { on: "submit", nth: 1, do: { resetAfterAccept: true } },
      { on: "submit", nth: 2, do: { respond: { status: 422, json: { detail: "no" } } } },
    ]);
    await using window = engine();
    const id = await submit(window);
    await window.reaches(id, "unclear");
    await window.jobs.sendAgain(id, { ...uncapped, acceptsSecond: true });
    const { progress } = await window.reaches(id, "failed", "cancelled");
    assert.ok(mayBePaid(progress));
    await assert.rejects(window.jobs.sendAgain(id, uncapped), refused("notPossibleNow"));
    const [request] = service.requests();
    assert.ok(request !== undefined);
    await window.jobs.adopt(id, request.requestId);
    await window.reaches(id, "saved");
    assert.equal(calls("submit"), 2);
  });
});

describe("a copy that is not what was prepared", () => {
  it("is not sent", async () => {
    service.setFaults([{ on: "submit", nth: 1, do: { respond: { status: 429, empty: true }, retryAfter: 1 } }]);
    await using window = engine();
    const id = await submit(window);
    await until(() => calls("submit") === 1);
    await writeFile(join(window.storage, "images", id, "end.png"), "another picture");
    const { progress } = await window.reaches(id, "failed", "queued");
    assert.deepEqual(progress, { state: "failed", problem: { code: "imageLost" } });
    assert.equal(calls("submit"), 1);
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
