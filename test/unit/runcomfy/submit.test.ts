import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClientOptions, createClient } from "../../../src/runcomfy/client.ts";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { problemSchema } from "../../../src/shared/model/problem.ts";
import { asked, id, input, meeting, submitted, token } from "./meeting.ts";
import { answer, serve } from "./server.ts";

describe("what is sent", () => {
  it("posts the input object itself, with the token, as JSON", async () => {
    await using met = await meeting(200, { request_id: id });
    await met.client.submit(input);
    const [request] = met.server.received;
    assert.equal(request?.method, "POST");
    assert.equal(request.path, `/v1/models/${modelId}`);
    assert.equal(request.headers.authorization, `Bearer ${token}`);
    assert.equal(request.headers["content-type"], "application/json");
    assert.equal(request.headers["content-length"], String(JSON.stringify(input).length));
    assert.equal(request.headers["transfer-encoding"], undefined, "not every server takes chunks");
    assert.deepEqual(JSON.parse(request.body), input);
  });

  it("builds every address itself, whatever the answer names", async () => {
    const elsewhere = "https://elsewhere.example/v1/x";
    await using met = await meeting(200, {
      request_id: id,
      status_url: elsewhere,
      result_url: elsewhere,
      cancel_url: elsewhere,
      status: "in_queue",
    });
    await met.client.submit(input);
    await met.client.status(id);
    await met.client.result(id);
    await met.client.cancel(id);
    assert.deepEqual(
      met.server.received.map(({ method, path, body }) => [method, path, body.length > 0]),
      [
        ["POST", `/v1/models/${modelId}`, true],
        ["GET", `/v1/requests/${id}/status`, false],
        ["GET", `/v1/requests/${id}/result?include_cost=true`, false],
        ["POST", `/v1/requests/${id}/cancel`, false],
      ],
    );
    assert.ok(met.server.received.every(({ headers }) => headers.authorization === `Bearer ${token}`));
  });

  it("asks for the token before each call", async () => {
    await using server = await serve((response) => answer(response, 200, { status: "in_queue" }));
    const tokens = ["one", "two"];
    const client = createClient({ base: server.origin, fetch, token: async () => tokens.shift() });
    await client.status(id);
    await client.status(id);
    assert.deepEqual(
      server.received.map(({ headers }) => headers.authorization),
      ["Bearer one", "Bearer two"],
    );
    assert.deepEqual(await client.status(id), {
      phase: "unread",
      problem: { code: "tokenMissing" },
      retryAfter: undefined,
    });
    assert.equal(server.received.length, 2);
  });

  for (const [what, option] of Object.entries<ClientOptions["token"]>({
    "no token": async () => undefined,
    "a token that no header can carry": async () => "a\nb",
  })) {
    it(`with ${what} nothing is sent and the submit is safe to repeat`, async () => {
      await using server = await serve((response) => answer(response, 200, { request_id: id }));
      const client = createClient({ base: server.origin, fetch, token: option });
      assert.equal((await client.submit(input)).outcome, "refused");
      assert.equal((await client.status(id)).phase, "unread");
      assert.equal(server.received.length, 0);
    });
  }

  it("with a token store that fails nothing is sent, neither with another token, and it is told so", async () => {
    await using server = await serve((response) => answer(response, 200, { request_id: id, status: "in_queue" }));
    const broken = async () => Promise.reject(new Error("the keyring is locked"));
    const problem = { code: "tokenStoreFails" };
    for (const [token, sentWith] of [
      [broken, undefined],
      [broken, async () => "another"],
      [async () => "another", broken],
    ] as const) {
      const client = createClient({ base: server.origin, fetch, token, ...(sentWith && { sentWith }) });
      assert.deepEqual(await client.submit(input), { outcome: "notSent", problem });
    }
    const blind = createClient({ base: server.origin, fetch, token: broken });
    assert.deepEqual(await blind.status(id), { phase: "unread", problem, retryAfter: undefined });
    assert.equal(server.received.length, 0);
    // A read costs nothing: it goes on with what is there.
    const half = createClient({ base: server.origin, fetch, token: broken, sentWith: async () => "kept" });
    assert.equal((await half.status(id)).phase, "queued");
    assert.equal(server.received[0]?.headers.authorization, "Bearer kept");
  });

  it("never puts a request id into an address that is none", async () => {
    await using met = await meeting(200, { status: "in_queue" });
    for (const bad of ["", "../x", "a/b", "a?b", "a b", "x".repeat(129), "ü"]) {
      await assert.rejects(async () => met.client.status(bad), bad);
    }
    assert.equal(met.server.received.length, 0);
  });
});

describe("submit: accepted", () => {
  it("on any 2xx with a request id", async () => {
    for (const status of [200, 201, 202]) {
      assert.deepEqual(await submitted(status, { request_id: id, status: "in_queue" }), {
        outcome: "accepted",
        requestId: id,
      });
    }
  });

  it("where error fields are there but say nothing", async () => {
    for (const extra of [
      { error_code: null, error_message: null },
      { error_code: 0, error_message: "" },
      { error_code: "" },
      { code: 0, message: "ok" },
      { code: 200, message: "success" },
      { error: null, detail: null },
    ]) {
      assert.equal((await submitted(200, { request_id: id, ...extra })).outcome, "accepted", JSON.stringify(extra));
    }
  });
});

describe("submit: refused", () => {
  for (const [what, status, body, code] of [
    ["401", 401, { error_code: 401001, error_message: "no" }, "tokenRefused"],
    ["401 without a body", 401, undefined, "tokenRefused"],
    ["400 + 400004", 400, { error_code: 400004, error_message: "Invalid token" }, "tokenRefused"],
    ["402", 402, undefined, "noBalance"],
    ["400 + 400002", 400, { error_code: 400002, error_message: "no money" }, "noBalance"],
    ["400 + 400002 as text", 400, { error_code: "400002" }, "noBalance"],
    ["404", 404, {}, "refused"],
    ["400 + 400001", 400, { error_code: 400001, error_message: "no such model" }, "refused"],
    ["403", 403, { message: "Forbidden" }, "refused"],
    ["409", 409, {}, "refused"],
    ["413", 413, undefined, "refused"],
    ["422", 422, { detail: [{ loc: ["body", "96_steps"], msg: "must be at least 6" }] }, "refused"],
  ] as const) {
    it(`${what} is ${code}`, async () => {
      const submission = await submitted(status, body);
      assert.ok(submission.outcome === "refused", JSON.stringify(submission));
      assert.equal(problemSchema.parse(submission.problem).code, code);
    });
  }

  it("tells what the service said", async () => {
    const said = async (body: unknown) => {
      const submission = await submitted(422, body);
      return submission.outcome === "refused" && submission.problem.code === "refused" && submission.problem.message;
    };
    assert.equal(await said({ error_message: "A", message: "B" }), "A");
    assert.equal(await said({ error_message: "", message: "B" }), "B");
    assert.equal(await said({ error: "C" }), "C");
    assert.equal(await said({ error: { message: "D" } }), "D");
    assert.equal(await said({ detail: "E" }), "E");
    assert.equal(await said({ detail: [{ msg: "F" }, { msg: "G" }] }), "F; G");
    assert.equal(await said({ code: 422001, error: "H" }), "H");
    assert.equal(await said(""), "");
  });

  it("keeps tokens, images and addresses out of what is told and stored", async () => {
    const echo = `bad ${token} data:image/png;base64,${"A".repeat(5000)} at https://files.example/private/x.mp4?sig=1`;
    for (const status of [422, 500]) {
      const text = JSON.stringify(await submitted(status, { error_message: echo }));
      assert.ok(text.includes("bad"), text);
      for (const secret of [token, "AAAA", "files.example", "sig=1"]) {
        assert.ok(!text.includes(secret), text);
      }
    }
    const failed = await asked("result", 200, { status: "failed", error: echo });
    assert.ok(
      failed.phase === "failed" && !failed.message.includes("files.example") && !failed.message.includes("AAAA"),
    );
  });

  it("bounds what is stored", async () => {
    const text = JSON.stringify(await submitted(422, { error_message: "x ".repeat(100_000) }));
    assert.ok(text.length < 1000);
  });
});

describe("submit: throttled", () => {
  for (const [what, headers, retryAfter] of [
    ["seconds", { "Retry-After": "7" }, 7000],
    ["nothing", {}, undefined],
    ["nonsense", { "Retry-After": "soon" }, undefined],
  ] as const) {
    it(`429 with ${what}`, async () => {
      const submission = await submitted(429, { message: "slow down" }, { ...headers });
      assert.deepEqual(submission, { outcome: "throttled", retryAfter });
    });
  }

  it("429 with a date", async () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const submission = await submitted(429, undefined, { "Retry-After": at });
    assert.ok(submission.outcome === "throttled" && submission.retryAfter !== undefined);
    assert.ok(submission.retryAfter > 50_000 && submission.retryAfter <= 60_000, String(submission.retryAfter));
  });

  it("429 hidden in a 200", async () => {
    assert.equal((await submitted(200, { error_code: 429001 })).outcome, "throttled");
  });
});

describe("submit: unclear, since it may have been accepted", () => {
  for (const [what, status, body] of [
    ["500", 500, { error_code: 500001, error_message: "boom" }],
    ["502 with HTML", 502, "<html>bad gateway</html>"],
    ["503", 503, undefined],
    ["504", 504, ""],
    ["200 + 500001", 200, { error_code: 500001 }],
    ["200 with HTML", 200, "<html>welcome</html>"],
    ["200 and empty", 200, ""],
    ["200 with JSON that is no object", 200, "[1]"],
    ["200 without an id", 200, { status: "in_queue" }],
    ["200 with an id that is none", 200, { request_id: "../../etc/passwd" }],
    ["200 with a misspelt id", 200, { requestId: id }],
    ["204", 204, undefined],
  ] as const) {
    it(what, async () => {
      const submission = await submitted(status, body);
      assert.ok(submission.outcome === "unclear", JSON.stringify(submission));
      assert.equal(problemSchema.parse(submission.problem).code, "submitUnclear");
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`a redirect (${status}) is not followed and takes the token nowhere`, async () => {
      await using other = await serve((response) => answer(response, 200, { request_id: id, status: "in_queue" }));
      const headers = { Location: `${other.origin}/v1/models/${modelId}` };
      assert.equal((await submitted(status, undefined, headers)).outcome, "unclear");
      for (const call of ["status", "result", "cancel"] as const) {
        assert.equal((await asked(call, status, undefined, headers)).phase, "unread");
      }
      assert.equal(other.received.length, 0);
    });
  }

  it("with the request that a broken answer names all the same", async () => {
    for (const body of [`{"request_id":"${id}","status":"in_qu`, `<html>{"request_id": "${id}"}</html>`]) {
      assert.deepEqual(await submitted(200, body), {
        outcome: "unclear",
        problem: { code: "submitUnclear", reason: "HTTP 200", requestId: id },
      });
    }
    const deep = `{"error":${"[".repeat(200_000)}${"]".repeat(200_000)},"request_id":"${id}"}`;
    assert.deepEqual(await submitted(200, deep), { outcome: "accepted", requestId: id });
  });

  it("cancels once, whatever comes back", async () => {
    await using met = await meeting(421);
    await met.client.cancel(id);
    assert.equal(met.server.received.length, 1);
  });
});
