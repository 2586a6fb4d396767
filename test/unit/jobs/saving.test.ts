import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Ports } from "../../../src/jobs/ports.ts";
import type { VerifyVideo } from "../../../src/output/verifier.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { sourceVerifier } from "../../support/engine/engine.ts";
import { engine, folder, service, submit } from "./engines.ts";

const broken: VerifyVideo = async () => {
  throw new ProblemError({ code: "videoCheckFailed", reason: "memory" });
};

/** A window over a journal, whose user cannot wait. */
function open(storage: string, verify: VerifyVideo, ports: Partial<Ports> = {}) {
  const started = engine({ verify, ...ports }, storage);
  const hurry = setInterval(() => started.jobs.wake(), 50);
  return Object.assign(started, {
    async [Symbol.asyncDispose]() {
      clearInterval(hurry);
      await started.jobs.dispose();
    },
  });
}

describe("a video that could not be had for a while", () => {
  for (const [code, fault] of [
    ["notAVideo", { videoIs: "truncated" }],
    ["videoExpired", { respond: { status: 404, empty: true } }],
  ] as const) {
    it(`is looked for again by itself: ${code}`, async () => {
      const storage = join(folder, code);
      await using window = open(storage, sourceVerifier(), { healingPause: 100 });
      service.setFaults([{ on: "download", do: fault }]);
      const id = await submit(window);
      const stands = await window.reaches(id, "needsAction");
      assert.ok(stands.progress.state === "needsAction" && stands.progress.problem.code === code);
      service.setFaults([]);
      await window.reaches(id, "saved");
    });

    it(`and left to its user once that was long ago: ${code}`, async () => {
      const storage = join(folder, `${code} late`);
      let ahead = 0;
      await using window = open(storage, sourceVerifier(), { healingPause: 100, now: () => Date.now() + ahead });
      service.setFaults([{ on: "download", do: fault }]);
      const id = await submit(window);
      await window.reaches(id, "needsAction");
      ahead = 7 * 3_600_000;
      const before = service.ledger.exchanges.length;
      await setTimeout(1500);
      assert.ok(service.ledger.exchanges.length - before <= 1, "one look may have been on its way");
    });
  }
});

describe("a video whose check comes to no end", () => {
  it("is checked once more, and then its user decides; Retry begins anew", async () => {
    const storage = join(folder, "twice");
    let checks = 0;
    let mended = false;
    const verify: VerifyVideo = (file) => {
      checks += 1;
      return mended ? sourceVerifier()(file) : broken(file);
    };
    await using window = open(storage, verify);
    const id = await submit(window);
    const stands = await window.reaches(id, "needsAction");
    assert.ok(stands.progress.state === "needsAction");
    assert.deepEqual(stands.progress.problem, { code: "videoCheckFailed", reason: "memory" });
    assert.equal(checks, 2);
    assert.deepEqual(await readdir(join(storage, "videos")), [], "the copy that could not be checked is removed");
    await window.jobs.retry(id);
    const again = await stood(window, id, 4);
    assert.equal(again.state, "needsAction", "two checks more, and not one");
    mended = true;
    await window.jobs.retry(id);
    await window.reaches(id, "saved");
    assert.equal(checks, 5);
    assert.equal(service.requests().length, 1);

    async function stood(engine: typeof window, job: string, so: number) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = engine.jobs.onDidChange(() => {
        if (checks === so && engine.jobs.get(job)?.progress.state === "needsAction") resolve();
      });
      await promise;
      end();
      return engine.jobs.get(job)?.progress ?? assert.fail();
    }
  });

  it("has its failed checks counted over restarts", async () => {
    const storage = join(folder, "restarts");
    const failed = Promise.withResolvers<void>();
    let checks = 0;
    const verify: VerifyVideo = async (file) => {
      checks += 1;
      return broken(file);
    };
    const first = open(storage, verify);
    const id = await submit(first);
    const end = first.jobs.onDidChange(() => {
      const progress = first.jobs.get(id)?.progress;
      if (progress?.state === "downloading" && progress.checksFailed === 1) failed.resolve();
    });
    await failed.promise;
    end();
    await first[Symbol.asyncDispose]();
    const before = checks;
    await using second = open(storage, verify);
    await second.reaches(id, "needsAction");
    assert.equal(checks, 2, `${before} before the restart`);
  });
});

describe("takes of one pair", () => {
  it("are numbered without a gap, however many windows make them at once", async () => {
    const storage = join(folder, "takes");
    await using one = open(storage, sourceVerifier());
    await using other = open(storage, sourceVerifier());
    // biome-ignore lint/suspicious/noTemplateCurlyInString: file name templates of the settings are written like this
    const takes = { fileName: "${pair}-${take}" };
    const first = await submit(one, takes);
    await one.reaches(first, "saved");
    const ids = await Promise.all([one, other, one, other].map((window) => submit(window, takes)));
    for (const id of ids) {
      await one.reaches(id, "saved");
    }
    const names = (await readdir(join(storage, "videos"))).filter((name) => name.endsWith(".mp4")).sort();
    assert.deepEqual(
      names,
      [1, 2, 3, 4, 5].map((take) => `Runcomfy_1272_2-1-00${take}.mp4`),
    );
  });

  it("that are on their way have different names already", async () => {
    await using window = open(join(folder, "under way"), sourceVerifier());
    service.setFaults([{ on: "submit", do: { delayMs: 300 } }]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: file name templates of the settings are written like this
    const takes = { fileName: "${take}" };
    const ids = [await submit(window, takes), await submit(window, takes), await submit(window, takes)];
    assert.deepEqual(
      ids.map((id) => window.jobs.get(id)?.order.name),
      ["001", "002", "003"],
    );
  });
});
