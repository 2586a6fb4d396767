import assert from "node:assert/strict";
import { test } from "node:test";
import type { Submission } from "../../../src/jobs/order.ts";
import { uncapped } from "../../support/engine/engine.ts";
import { engine, service, submit } from "./engines.ts";

test("the payment is asked for once, only where draft and token are in order, and nothing is made where asking throws", async () => {
  let token: string | undefined = "test";
  let problem: { readonly code: "settingInvalid"; readonly setting: string; readonly value: string } | undefined;
  await using window = engine({
    tokenInUse: async () => token,
    limits: () => ({
      jobsAtOnce: 1,
      videoBytes: 1e9,
      deleteUploads: true,
      recipeInVideo: false,
      keepEnded: 1e9,
      trustedHosts: [],
      problem,
    }),
  });
  const asked: object[] = [];
  const payment: Submission["payment"] = async (parameters) => {
    asked.push(parameters);
    return uncapped;
  };
  const ask = (changes: Partial<Submission> = {}) => submit(window, { payment, ...changes });
  await assert.rejects(ask({ prompt: " " }), /promptEmpty/);
  await assert.rejects(ask({ parameters: { fps: 99 } }), /parameterInvalid/);
  problem = { code: "settingInvalid", setting: "wanFlf2v.jobsAtOnce", value: "0" };
  await assert.rejects(ask(), /settingInvalid/);
  problem = undefined;
  token = undefined;
  await assert.rejects(ask(), /tokenMissing/);
  token = "test";
  assert.deepEqual(asked, []);
  const declined = async () => {
    throw new Error("declined");
  };
  await assert.rejects(ask({ payment: declined }), /declined/);
  assert.deepEqual(window.jobs.list(), []);
  await window.reaches(await ask(), "saved", "failed");
  assert.deepEqual(asked, [{ resolution: "480x480 (1:1)" }]);
  assert.equal(service.requests().length, 1);
});
