import assert from "node:assert/strict";
import { it } from "node:test";
import { uncapped } from "../../support/engine/engine.ts";
import { calls, engine, refused, submit } from "./engines.ts";

it("the payment is asked for once the draft and the token are in order, with the parameters that are sent", async () => {
  let token: string | undefined;
  const asked: unknown[] = [];
  await using window = engine({ tokenInUse: async () => token });
  const payment = async (parameters: object) => {
    asked.push(parameters);
    return uncapped;
  };
  await assert.rejects(submit(window, { payment }), refused("tokenMissing"));
  token = "test";
  await assert.rejects(submit(window, { payment, prompt: " " }), refused("promptEmpty"));
  assert.deepEqual(asked, []);
  await window.reaches(await submit(window, { payment }), "saved");
  assert.deepEqual(asked, [{ resolution: "480x480 (1:1)" }]);
});

it("nothing is made or sent where asking for the payment throws", async () => {
  await using window = engine();
  const payment = () => Promise.reject(new RangeError("the user thought twice"));
  await assert.rejects(submit(window, { payment }), RangeError);
  assert.deepEqual(window.jobs.list(), []);
  assert.equal(calls("submit"), 0);
});
