import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Journal } from "../../../src/jobs/journal/journal.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import type { Problem } from "../../../src/shared/model/problem.ts";
import { refused } from "../../support/problems.ts";
import { calls, conform, engine, folder, service, submit, until } from "./engines.ts";

// What is sent, and what is not.

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
      recipeInVideo: false,
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
      for (const { stamp } of journal.leases.claim("another window", 1, () => false).leases) {
        stamps.add(stamp);
      }
      return stamps.size >= 2;
    });
    journal.close();
    resolve();
    await window.reaches(await submitted, "saved");
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
