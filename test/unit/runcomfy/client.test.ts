import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "../../../src/runcomfy/client.ts";
import { asked, id, input, meeting, token } from "./meeting.ts";
import { answer, serve } from "./server.ts";

describe("a token that the service echoes", () => {
  const secret = "5f0c1e2d-Tok-secret-9a8b7c6d";
  async function echoed(status: number, body: unknown) {
    const server = await serve((response) => answer(response, status, body));
    const client = createClient({ base: server.origin, fetch, token: async () => secret });
    return { client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }
  const shows = (value: unknown) => JSON.stringify(value).toLowerCase().includes(secret.toLowerCase());

  it("is in no word that is kept, whatever it stands in and in whatever case", async () => {
    for (const told of [secret, secret.toUpperCase(), `Bearer ${secret}`, `working for ${secret.toLowerCase()}`]) {
      for (const [status, body] of [
        [200, { status: told }],
        [200, { status: "failed", error: told }],
        [200, { status: "failed", error: { [told]: told } }],
        [400, { error_code: 422001, error_message: told }],
        [500, { error_message: told }],
        [500, `{"error_message": "${told}`],
      ] as const) {
        await using met = await echoed(status, body);
        const said = [
          await met.client.status(id),
          await met.client.result(id),
          await met.client.cancel(id),
          await met.client.submit(input),
        ];
        assert.ok(!shows(said), JSON.stringify(said));
      }
    }
  });

  it("is no request id, neither whole nor as a part of one, in whatever form the answer is", async () => {
    for (const told of [secret, secret.toLowerCase(), `r-${secret}`]) {
      for (const [status, body] of [
        [200, { request_id: told }],
        [500, { request_id: told }],
        [200, `{"request_id":"${told}"`],
        [200, `<html>"request_id": "${told}"</html>`],
      ] as const) {
        await using met = await echoed(status, body);
        const submission = await met.client.submit(input);
        assert.equal(submission.outcome, "unclear");
        assert.ok(!shows(submission));
      }
    }
  });

  it("takes no id with it that only looks like a short one", async () => {
    await using server = await serve((response) => answer(response, 200, { request_id: "request-1" }));
    const client = createClient({ base: server.origin, fetch, token: async () => "t" });
    assert.deepEqual(await client.submit(input), { outcome: "accepted", requestId: "request-1" });
  });
});

describe("cancel", () => {
  for (const [what, status, body, phase] of [
    ["accepted", 202, { request_id: id, status: "in_queue", outcome: "cancelled" }, "cancelled"],
    ["the documentation's own example", 202, { status: "completed", outcome: "cancelled" }, "cancelled"],
    ["too late", 202, { status: "in_progress", outcome: "not_cancellable" }, "tooLate"],
    ["too late with 200", 200, { status: "completed", outcome: "not_cancellable" }, "tooLate"],
    ["the sibling's way", 202, { status: "cancellation_requested" }, "requested"],
    ["the sibling's spelling", 202, { status: "canceled" }, "cancelled"],
    ["a word that nobody knows", 202, { outcome: "maybe" }, "requested"],
    ["a conflict", 409, { message: "already running" }, "tooLate"],
    ["a proxy's page", 409, "<html>", "unread"],
    ["a conflict inside 200", 200, { error_code: 409001 }, "tooLate"],
    ["unknown request", 404, { error_code: 404001 }, "unread"],
    ["trouble", 503, undefined, "unread"],
    ["trouble inside 200", 200, { error_code: 500001, outcome: "cancelled" }, "unread"],
    ["no answer to read", 202, "", "unread"],
  ] as const) {
    it(`${what}: ${phase}`, async () => {
      assert.equal((await asked("cancel", status, body)).phase, phase);
    });
  }
});

describe("the log", () => {
  it("names method, path, status and time, and nothing else", async () => {
    await using met = await meeting(200, {
      request_id: id,
      status: "succeeded",
      output: { video: "https://playgrounds-storage-public.runcomfy.net/private.mp4" },
    });
    await met.client.submit(input);
    await met.client.status(id);
    await met.client.result(id);
    await met.client.cancel(id);
    assert.equal(met.exchanges.length, 4);
    for (const exchange of met.exchanges) {
      assert.deepEqual(Object.keys(exchange).sort(), ["method", "ms", "path", "status"]);
      assert.equal(exchange.status, 200);
      assert.ok(exchange.ms >= 0);
    }
    const text = JSON.stringify(met.exchanges);
    for (const secret of [token, "SECRETPIXELS", "a door opens", "private.mp4", "http"]) {
      assert.ok(!text.includes(secret), text);
    }
  });

  it("cannot lose an answer: a log that fails changes nothing", async () => {
    await using server = await serve((response) => answer(response, 200, { request_id: id }));
    const client = createClient({
      base: server.origin,
      fetch,
      token: async () => token,
      onExchange: () => {
        throw new Error("the channel is closed");
      },
    });
    assert.deepEqual(await client.submit(input), { outcome: "accepted", requestId: id });
  });
});
