import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Submission } from "../../../src/jobs/order.ts";
import { startEngine, uncapped } from "../../support/engine/engine.ts";
import { startService } from "../../support/service/service.ts";

const picture = (name: string) => fileURLToPath(new URL(`../../support/service/samples/${name}`, import.meta.url));

test("the payment is asked for once, only where draft and token are in order, and nothing is made where asking throws", async () => {
  const storage = await mkdtemp(join(tmpdir(), "wan-asked-"));
  const service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  let token: string | undefined = "test";
  let problem: { readonly code: "settingInvalid"; readonly setting: string; readonly value: string } | undefined;
  try {
    await using engine = startEngine({
      storage,
      token: service.token,
      ports: {
        conform: async ({ bytes }) => ({ png: bytes, sha256: createHash("sha256").update(bytes).digest("hex") }),
        tokenInUse: async () => token,
        limits: () => ({
          jobsAtOnce: 1,
          videoBytes: 1e9,
          deleteUploads: true,
          keepEnded: 1e9,
          trustedHosts: [],
          problem,
        }),
      },
    });
    const asked: object[] = [];
    const submit = (changes: Partial<Submission>) =>
      engine.jobs.submit({
        start: { kind: "file", path: picture("Runcomfy_1272_2.png") },
        end: { kind: "file", path: picture("Runcomfy_1272_1.png") },
        prompt: "One becomes the other.",
        parameters: { resolution: "480x480 (1:1)" },
        service: service.url,
        folder: join(storage, "videos"),
        fileName: "made",
        payment: async (parameters) => {
          asked.push(parameters);
          return uncapped;
        },
        ...changes,
      });
    await assert.rejects(submit({ prompt: " " }), /promptEmpty/);
    await assert.rejects(submit({ parameters: { fps: 99 } }), /parameterInvalid/);
    problem = { code: "settingInvalid", setting: "wanFlf2v.jobsAtOnce", value: "0" };
    await assert.rejects(submit({}), /settingInvalid/);
    problem = undefined;
    token = undefined;
    await assert.rejects(submit({}), /tokenMissing/);
    token = "test";
    assert.deepEqual(asked, []);
    const declined = async () => {
      throw new Error("declined");
    };
    await assert.rejects(submit({ payment: declined }), /declined/);
    assert.deepEqual(engine.jobs.list(), []);
    await engine.reaches(await submit({}), "saved", "failed");
    assert.deepEqual(asked, [{ resolution: "480x480 (1:1)" }]);
    assert.equal(service.requests().length, 1);
  } finally {
    await service.close();
    await rm(storage, { recursive: true, force: true });
  }
});
