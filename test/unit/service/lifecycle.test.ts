import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { INPUT_SCHEMA } from "../../support/service/catalogue.ts";
import { startService } from "../../support/service/service.ts";
import { call, dataUri, finished, handClock, MODEL, pictureFile, SAMPLE_BODY, submit } from "./helpers.ts";

const timing = { queueMs: 3000, runMs: 5000 };

test("a run goes through the queue and the run by the clock, and the result decides", async () => {
  const clock = handClock();
  await using service = await startService({ timing, now: clock.now });
  const id = await submit(service);
  await service.advance("in_progress", "someone-else");
  const status = async () => {
    const { json } = await call(service, `/v1/requests/${id}/status`);
    return [json.status, json.queue_position];
  };
  assert.deepEqual(await status(), ["in_queue", 3]);
  clock.move(1500);
  assert.deepEqual(await status(), ["in_queue", 2]);
  clock.move(1400);
  assert.deepEqual(await status(), ["in_queue", 1]);
  clock.move(100);
  assert.deepEqual(await status(), ["in_progress", undefined]);
  const early = await call(service, `/v1/requests/${id}/result?include_cost=true`);
  assert.equal(early.json.status, "in_progress");
  assert.ok(!("output" in early.json) && !("cost" in early.json) && !("finished_at" in early.json));
  clock.move(4999);
  assert.deepEqual(await status(), ["in_progress", undefined]);
  clock.move(1);
  await service.advance("completed", id);
  assert.deepEqual(await status(), ["completed", undefined]);

  const { json } = await call(service, `/v1/requests/${id}/result?include_cost=true`);
  assert.equal(json.status, "succeeded");
  assert.equal(json.cost, 0.253125);
  assert.equal(json.created_at, "2026-05-28T20:26:40.000Z");
  assert.equal(json.finished_at, "2026-05-28T20:26:48.000Z");
  assert.ok(!("cost" in (await call(service, `/v1/requests/${id}/result`)).json));
  const [entry] = service.requests();
  assert.deepEqual(
    entry?.history.map(({ state, at }) => [state, at - 1_780_000_000_000]),
    [
      ["in_queue", 0],
      ["in_progress", 3000],
      ["ended", 8000],
    ],
  );
});

test("a run is not completed before its file is there", async () => {
  const seed = `color=c=0x${Math.floor(Math.random() * 0xffffff)
    .toString(16)
    .padStart(6, "0")}:s=1280x720`;
  const image = dataUri(await pictureFile(seed, "png"), "image/png");
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  const id = await submit(service, { "110_image": image, "112_image": image, "99_text": "x" });
  assert.equal((await call(service, `/v1/requests/${id}/status`)).json.status, "in_progress");
  await service.advance("completed", id);
  assert.equal((await call(service, `/v1/requests/${id}/status`)).json.status, "completed");
  const [queued, running, ended] = service.requests()[0]?.history ?? [];
  assert.equal(queued?.at, running?.at);
  assert.ok(ended && running && ended.at > running.at, "the run lasted as long as the making of the file");
});

test("only a queued job can be cancelled, and outcome says which", async () => {
  const clock = handClock();
  await using service = await startService({ timing, now: clock.now });
  const [first, second] = [await submit(service), await submit(service)];
  const cancel = async (id: string) => {
    const { status, json } = await call(service, `/v1/requests/${id}/cancel`, { method: "POST" });
    return [status, json.status, json.outcome];
  };
  assert.deepEqual(await cancel(first), [202, "cancelled", "cancelled"]);
  assert.deepEqual(await cancel(first), [202, "cancelled", "not_cancellable"]);
  assert.equal((await call(service, `/v1/requests/${first}/status`)).json.status, "cancelled");
  const result = await call(service, `/v1/requests/${first}/result`);
  assert.equal(result.json.status, "cancelled");
  assert.ok(!("output" in result.json));
  clock.move(3000);
  assert.deepEqual(await cancel(second), [202, "in_progress", "not_cancellable"]);
  await service.advance("completed");
  assert.deepEqual(await cancel(second), [202, "completed", "not_cancellable"]);
  assert.deepEqual(
    service.requests().map((request) => [request.cancelled, request.charged]),
    [
      [true, false],
      [false, true],
    ],
  );
});

test("the token is required everywhere in the API, in either of two shapes", async () => {
  await using service = await startService({ token: "right" });
  const paths = ["/v1/models", `/v1/models/${MODEL}`, "/prod/v2/balance", "/v1/requests/x/status"];
  for (const path of paths) {
    for (const token of ["wrong", null]) {
      const { status, json } = await call(service, path, { token });
      assert.deepEqual([status, json.error_code], [401, 401001], path);
    }
  }
  service.changeSettings({ authError: "400004" });
  const { status, json } = await call(service, `/v1/models/${MODEL}`, {
    method: "POST",
    body: SAMPLE_BODY,
    token: "wrong",
  });
  assert.deepEqual([status, json.error_code], [400, 400004]);
  assert.deepEqual(service.requests(), []);
  assert.ok(!JSON.stringify(service.ledger).includes("right"));
});

test("lax validation accepts nonsense and buys the sample; strict refuses it", async () => {
  const nonsense = {
    image: "https://example.org/a.png",
    "111_widthx111_height": "1:1",
    "111_length": 50,
    "159_frame_rate": 60,
    "96_steps": 4,
  };
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  const { id } = await finished(service, nonsense);
  const [entry] = service.requests();
  assert.deepEqual(entry?.parameters, nonsense);
  assert.deepEqual([entry?.images?.start.source, entry?.images?.end.source], ["sample", "sample"]);
  assert.equal(entry?.requestId, id);
  assert.equal(entry?.cost, 0.253125);

  service.changeSettings({ validation: "strict" });
  const { status, json } = await call(service, `/v1/models/${MODEL}`, {
    method: "POST",
    body: JSON.stringify(nonsense),
  });
  assert.deepEqual([status, json.error_code], [422, 422001]);
  const detail = z.array(z.object({ loc: z.array(z.string()), msg: z.string() })).parse(json.detail);
  const named = detail.map(({ loc, msg }) => `${loc.join(".")} ${msg}`).join("\n");
  const keys = ["99_text", "110_image", "112_image", "111_widthx111_height", "111_length", "159_frame_rate"];
  for (const key of [...keys, "96_steps", '"image"']) assert.ok(named.includes(key), `${key} in ${named}`);
  await submit(service);
  assert.equal(service.requests().length, 2);
});

test("bodies that are no JSON object, unknown models and unknown requests are refused", async () => {
  await using service = await startService();
  const post = async (path: string, body: string) => {
    const { status, json } = await call(service, path, { method: "POST", body });
    return [status, json.error_code];
  };
  assert.deepEqual(await post(`/v1/models/${MODEL}`, "{"), [422, 422001]);
  assert.deepEqual(await post(`/v1/models/${MODEL}`, "[]"), [422, 422001]);
  assert.deepEqual(await post("/v1/models/community/wan-2-2/first-last-frame", SAMPLE_BODY), [400, 400001]);
  const { status, json } = await call(service, "/v1/requests/00000000-0000-4000-8000-000000000000/result");
  assert.deepEqual([status, json.error_code], [404, 404001]);
  assert.deepEqual(service.requests(), []);
});

test("images that cannot be read fail the run, not the submit", async () => {
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 } });
  const broken = ["mine.png", "data:image/png;base64,AAAA", "http://192.0.2.1/a.png", `${service.url}/nothing.png`];
  for (const image of broken) {
    const id = await submit(service, { "110_image": image, "112_image": "Runcomfy_1272_1.png", "99_text": "x" });
    await service.advance("completed", id);
    assert.equal((await call(service, `/v1/requests/${id}/status`)).json.status, "completed");
    const { json } = await call(service, `/v1/requests/${id}/result`);
    assert.equal(json.status, "failed", image);
    assert.match(z.string().parse(json.error), /^Failed to run workflow: /);
    assert.ok(!("output" in json));
  }
  assert.equal(service.ledger.chargedUsd, 0);
});

test("catalogue, list and balance", async () => {
  await using service = await startService({
    timing: { queueMs: 0, runMs: 0 },
    price: { usd: 0.2, unit: "output" },
    balance: 0.5,
  });
  const entry = await call(service, `/v1/models/${MODEL}`);
  assert.deepEqual(
    [entry.json.model_id, entry.json.base_price_usd, entry.json.price_unit, entry.json.kind],
    [MODEL, 0.2, "output", "workflow"],
  );
  assert.deepEqual(entry.json.input_schema, INPUT_SCHEMA);
  assert.equal(INPUT_SCHEMA.properties["96_cfg"]?.type, "float");
  assert.deepEqual(entry.json.required_inputs, ["112_image", "110_image", "99_text"]);
  assert.equal((await call(service, "/v1/models/nobody/knows")).json.error_code, 400001);

  const page = await call(service, "/v1/models?search=FLF2V&limit=1&offset=1");
  assert.equal(page.json.total, 2);
  const models = z.array(z.record(z.string(), z.unknown())).parse(page.json.models);
  assert.deepEqual(
    models.map((model) => model.model_id),
    ["community/wan-2-2/first-last-frame"],
  );
  assert.ok(!("input_schema" in (models[0] ?? {})));
  assert.equal((await call(service, "/v1/models?search=kling")).json.total, 0);

  const balance = async () => (await call(service, "/prod/v2/balance")).json;
  assert.deepEqual(await balance(), { balance_usd: 0.5, balance_microdollars: 500000, currency: "USD" });
  await finished(service);
  await finished(service);
  assert.equal((await balance()).balance_usd, 0.1);
  const { status, json } = await call(service, `/v1/models/${MODEL}`, { method: "POST", body: SAMPLE_BODY });
  assert.deepEqual([status, json.error_code], [400, 400002]);
  assert.equal(service.requests().length, 2);
  assert.equal(service.ledger.chargedUsd, 0.4);
});

test("links name the public host", async () => {
  await using service = await startService({ timing: { queueMs: 0, runMs: 0 }, publicHost: "localhost" });
  const { video } = await finished(service);
  assert.equal(new URL(video).hostname, "localhost");
  assert.equal(new URL(video).port, new URL(service.url).port);
});
