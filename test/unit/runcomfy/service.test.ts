import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createClient } from "../../../src/runcomfy/client.ts";
import { checkParameters } from "../../../src/shared/model/draft.ts";
import { parameterTable, settableNames, settableRow, wireBody } from "../../../src/shared/model/parameters.ts";
import { type FaultPlan, type Service, startService } from "../../support/service/service.ts";

let service: Service;
before(async () => {
  service = await startService({ timing: { queueMs: null, runMs: null } });
});
after(() => service.close());
beforeEach(() => service.reset());

const body = wireBody({
  start: "Runcomfy_1272_2.png",
  end: "Runcomfy_1272_1.png",
  prompt: "a door opens",
  parameters: { seed: 5, resolution: "480x480 (1:1)", fps: 24 },
});
const client = () =>
  createClient({ base: service.url, fetch, token: async () => service.token, timeouts: { submit: 2000, read: 2000 } });

async function accepted(): Promise<string> {
  const submission = await client().submit(body);
  assert.ok(submission.outcome === "accepted", JSON.stringify(submission));
  return submission.requestId;
}

describe("a request's life", () => {
  it("is followed from the queue to its video", async () => {
    const id = await accepted();
    assert.deepEqual(
      service.requests().map((request) => request.requestId),
      [id],
    );
    const queued = await client().status(id);
    assert.ok(queued.phase === "queued" && queued.position !== undefined);
    assert.deepEqual(await client().result(id), { phase: "notReady" });
    await service.advance("in_progress", id);
    assert.equal((await client().status(id)).phase, "running");
    assert.deepEqual(await client().result(id), { phase: "notReady" });
    assert.equal((await client().cancel(id)).phase, "tooLate");
    await service.advance("completed", id);
    assert.deepEqual(await client().status(id), { phase: "ended" });
    const result = await client().result(id);
    assert.ok(result.phase === "succeeded" && result.video.startsWith(service.url) && (result.cost ?? 0) > 0);
  });

  it("ends with a cancel in the queue", async () => {
    const id = await accepted();
    assert.deepEqual(await client().cancel(id), { phase: "cancelled" });
    assert.deepEqual(await client().status(id), { phase: "cancelled" });
    assert.deepEqual(await client().result(id), { phase: "cancelled", cost: undefined });
  });

  it("tells a failed run only in the result", async () => {
    service.setFaults([{ on: "submit", do: { failRun: { error: "CUDA out of memory" } } }]);
    const id = await accepted();
    await service.advance("completed", id);
    assert.deepEqual(await client().status(id), { phase: "ended" });
    const result = await client().result(id);
    assert.ok(result.phase === "failed" && result.message.includes("CUDA out of memory"));
  });
});

describe("money", () => {
  /** What the client says, and how many requests the service took. */
  async function submitting(plan: FaultPlan): Promise<[string, number]> {
    service.setFaults(plan);
    const { outcome } = await client().submit(body);
    return [outcome, service.requests().length];
  }

  for (const [what, effect, outcome, taken] of [
    ["a reset before it was taken", { resetBeforeAccept: true }, "unclear", 0],
    ["a reset after it was taken", { resetAfterAccept: true }, "unclear", 1],
    ["no answer, not taken", { hangBefore: true }, "unclear", 0],
    ["no answer, taken", { hangAfter: true }, "unclear", 1],
    ["502 although taken", { acceptThenRespond: { status: 502, text: "bad gateway" } }, "unclear", 1],
    ["503", { respond: { status: 503 } }, "unclear", 0],
    ["429", { respond: { status: 429 }, retryAfter: 3 }, "throttled", 0],
    ["402", { respond: { status: 402 } }, "refused", 0],
    ["no balance", { respond: { status: 400, json: { error_code: 400002, error_message: "no money" } } }, "refused", 0],
    ["no balance inside 200", { errorIn200: { error_code: 400002, error_message: "no money" } }, "unclear", 0],
    ["HTML", { html: true }, "unclear", 0],
    ["a redirect", { redirect: { location: "https://elsewhere.example/" } }, "unclear", 0],
  ] as const) {
    it(`${what}: ${outcome}, sent once`, async () => {
      assert.deepEqual(await submitting([{ on: "submit", do: effect }]), [outcome, taken]);
      assert.equal(service.ledger.exchanges.filter((exchange) => exchange.method === "POST").length, 1);
    });
  }

  for (const authError of ["401001", "400004"] as const) {
    it(`a wrong token (${authError}) costs nothing`, async () => {
      service.changeSettings({ authError });
      const stranger = createClient({ base: service.url, fetch, token: async () => "wrong" });
      assert.deepEqual(await stranger.submit(body), { outcome: "refused", problem: { code: "tokenRefused" } });
      assert.equal(service.requests().length, 0);
    });
  }
});

describe("results of many shapes", () => {
  async function resultWith(effect: FaultPlan[number]["do"]) {
    const id = await accepted();
    await service.advance("completed", id);
    service.setFaults([{ on: "result", do: effect }]);
    return client().result(id);
  }

  it("only an array of videos, several, a picture beside it, echoed inputs", async () => {
    for (const effect of ["onlyVideosArray", "severalVideos", "companionImage", "echoInputs"] as const) {
      const result = await resultWith({ [effect]: true });
      assert.ok(result.phase === "succeeded" && /_output\.mp4$/.test(new URL(result.video).pathname), effect);
    }
  });

  it("no video, and a lag in both ways of saying so", async () => {
    assert.equal((await resultWith({ resultEmptyOutput: true })).phase, "empty");
    assert.equal((await resultWith({ resultLag: { times: 1 } })).phase, "notReady");
    assert.equal((await resultWith({ resultLag: { times: 1, as: "400005" } })).phase, "notReady");
  });

  it("a cost that comes later", async () => {
    const result = await resultWith({ costLag: { times: 1 } });
    assert.ok(result.phase === "succeeded" && result.cost === undefined);
  });

  it("an expired request", async () => {
    const result = await resultWith({ expire: true });
    assert.ok(result.phase === "unread" && result.problem.code === "requestUnknown");
  });
});

it("sends every parameter of the table in a form that strict validation takes", async () => {
  service.changeSettings({ validation: "strict" });
  const id = await accepted();
  const [request] = service.requests();
  assert.equal(request?.requestId, id);
  const all = checkParameters(
    Object.fromEntries(
      settableNames.map((name) => {
        const row = settableRow(name);
        return [name, row.kind === "choice" ? row.choices[0] : row.minimum];
      }),
    ),
  );
  const full = wireBody({
    start: "Runcomfy_1272_2.png",
    end: "Runcomfy_1272_1.png",
    prompt: "x",
    parameters: { ...all, seed: 1 },
  });
  assert.deepEqual(
    Object.keys(full).sort(),
    Object.values(parameterTable)
      .map((row) => row.wireKey)
      .sort(),
  );
  assert.equal((await client().submit(full)).outcome, "accepted");
});
