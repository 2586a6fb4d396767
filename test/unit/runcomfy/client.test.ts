import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClientOptions, createClient, type Exchange, modelId } from "../../../src/runcomfy/client.ts";
import { problemSchema } from "../../../src/shared/model/problem.ts";
import { answer, serve } from "./server.ts";

const token = "test-token-4711";
const id = "0b7c9f4e-1111-4222-8333-abcdefabcdef";
const input = { "110_image": "data:image/png;base64,SECRETPIXELS", "99_text": "a door opens", "96_noise_seed": 7 };

/** The client's answers to one canned response. */
async function meeting(status: number, body?: unknown, headers: Record<string, string> = {}) {
  const server = await serve((response) => answer(response, status, body, headers));
  const exchanges: Exchange[] = [];
  const client = createClient({
    base: server.origin,
    fetch,
    token: async () => token,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  return { client, server, exchanges, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
async function submitted(status: number, body?: unknown, headers?: Record<string, string>) {
  await using met = await meeting(status, body, headers);
  return await met.client.submit(input);
}
async function asked(
  call: "status" | "result" | "cancel",
  status: number,
  body?: unknown,
  headers?: Record<string, string>,
) {
  await using met = await meeting(status, body, headers);
  return await met.client[call](id);
}

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

describe("status", () => {
  for (const [word, expected] of Object.entries({
    in_queue: { phase: "queued", position: undefined },
    pending: { phase: "queued", position: undefined },
    waiting: { phase: "queued", position: undefined },
    in_progress: { phase: "running", word: undefined },
    starting: { phase: "running", word: undefined },
    processing: { phase: "running", word: undefined },
    IN_PROGRESS: { phase: "running", word: undefined },
    " completed ": { phase: "ended" },
    completed: { phase: "ended" },
    succeeded: { phase: "ended" },
    failed: { phase: "ended" },
    cancelled: { phase: "cancelled" },
    canceled: { phase: "cancelled" },
    cancellation_requested: { phase: "running", word: "cancellation_requested" },
    "warming the kettle": { phase: "running", word: "warming the kettle" },
  })) {
    it(`reads "${word}"`, async () => {
      assert.deepEqual(await asked("status", 200, { request_id: id, status: word }), expected);
    });
  }

  it("reads the place in the queue where it is one", async () => {
    for (const [queue_position, position] of [
      [3, 3],
      [0, 0],
      [-1, undefined],
      ["3", undefined],
      [null, undefined],
      [1.5, undefined],
    ]) {
      assert.deepEqual(await asked("status", 200, { status: "in_queue", queue_position }), {
        phase: "queued",
        position,
      });
    }
  });

  it("shortens an endless word", async () => {
    const status = await asked("status", 200, { status: "x".repeat(10_000) });
    assert.ok(status.phase === "running" && status.word?.length === 60);
  });

  it("says nothing about the request when it was not readable", async () => {
    for (const [status, body, code] of [
      [200, "<html>", "serviceTrouble"],
      [200, "", "serviceTrouble"],
      [200, {}, "serviceTrouble"],
      [200, { status: 7 }, "serviceTrouble"],
      [200, { error_code: 500001, status: "completed" }, "serviceTrouble"],
      [200, { error_code: 404001 }, "requestUnknown"],
      [404, { error_code: 404001 }, "requestUnknown"],
      [404, "<html>", "serviceTrouble"],
      [404, undefined, "serviceTrouble"],
      [404, {}, "serviceTrouble"],
      [404, { error_code: 404002 }, "serviceTrouble"],
      [410, undefined, "serviceTrouble"],
      [503, { error_code: 404001 }, "serviceTrouble"],
      [403, { error_code: 403001 }, "notOurs"],
      [403, { message: "Forbidden" }, "serviceTrouble"],
      [403, "<html>", "serviceTrouble"],
      [403, undefined, "serviceTrouble"],
      [401, "<html>", "serviceTrouble"],
      [402, "<html>", "serviceTrouble"],
      [429, "<html>", "serviceTrouble"],
      [401, undefined, "tokenRefused"],
      [400, { error_code: 400004 }, "tokenRefused"],
      [400, { error_code: 400002 }, "noBalance"],
      [429, undefined, "throttled"],
      [500, undefined, "serviceTrouble"],
      [502, "<html>", "serviceTrouble"],
      [503, undefined, "serviceTrouble"],
      [504, undefined, "serviceTrouble"],
    ] as const) {
      const read = await asked("status", status, body, { "Retry-After": "9" });
      assert.ok(read.phase === "unread", `${status} ${JSON.stringify(read)}`);
      assert.equal(problemSchema.parse(read.problem).code, code, `${status} ${JSON.stringify(body)}`);
      assert.equal(read.retryAfter, 9000);
    }
  });
});

describe("result", () => {
  const video = "https://playgrounds-storage-public.runcomfy.net/x_output.mp4";

  it("gives the single video, or the first of several", async () => {
    for (const output of [
      { video },
      { video, image: "https://a.example/poster.png" },
      { videos: [video] },
      { videos: [video, "https://a.example/2.mp4"] },
      { video: "", videos: [video] },
      { video: null, videos: [video] },
      { videos: ["", video] },
      { videos: [null, video] },
    ]) {
      assert.deepEqual(
        await asked("result", 200, { status: "succeeded", output, cost: 0.25 }),
        { phase: "succeeded", video, cost: 0.25 },
        JSON.stringify(output),
      );
    }
  });

  it("looks inside output only, never at echoed inputs", async () => {
    const body = {
      status: "succeeded",
      input: { video },
      video,
      videos: [video],
      output: { image: "https://a.example/x.png" },
    };
    assert.deepEqual(await asked("result", 200, body), { phase: "empty", cost: undefined });
  });

  it("is empty where the host of its address holds the token: nobody must ask for that host's name", async () => {
    for (const video of [`https://${token}.example/v.mp4`, `https://x.${token.toUpperCase()}/v.mp4`]) {
      const body = { request_id: id, status: "succeeded", output: { video } };
      assert.deepEqual(await asked("result", 200, body), { phase: "empty", cost: undefined });
    }
  });

  it("is empty when a success has no video", async () => {
    for (const output of [
      undefined,
      null,
      {},
      [],
      "",
      video,
      { videos: [] },
      { videos: [""] },
      { video: 7 },
      { videos: video },
    ]) {
      assert.equal(
        (await asked("result", 200, { status: "succeeded", output })).phase,
        "empty",
        JSON.stringify(output),
      );
    }
  });

  it("takes a cost only where it is one", async () => {
    for (const [cost, expected] of [
      [10_000, 10_000],
      [10_000.01, undefined],
      [1e308, undefined],
      ["1e308", undefined],
      ["1e999", undefined],
      ["Infinity", undefined],
      ["NaN", undefined],
      [0, 0],
      [0.5, 0.5],
      ["0.5", 0.5],
      [null, undefined],
      ["", undefined],
      [-1, undefined],
      ["free", undefined],
      [undefined, undefined],
      [[], undefined],
      [true, undefined],
    ]) {
      const result = await asked("result", 200, { status: "succeeded", output: { video }, cost });
      assert.ok(result.phase === "succeeded" && result.cost === expected, JSON.stringify([cost, result]));
    }
  });

  it("is not ready while the request goes on, in either way of saying so", async () => {
    for (const status of ["in_queue", "in_progress", "running", "whatever"]) {
      assert.deepEqual(await asked("result", 200, { status }), { phase: "notReady" });
    }
    assert.deepEqual(await asked("result", 400, { error_code: 400005, error_message: "not ready" }), {
      phase: "notReady",
    });
    assert.deepEqual(await asked("result", 200, { error_code: 400005 }), { phase: "notReady" });
  });

  it("tells a failure in the service's words, whatever their shape", async () => {
    for (const [body, message] of [
      [{ error: "out of memory" }, "out of memory"],
      [{ error: [{ errorCode: 7, error: "node 96 failed", debugInfo: "x" }] }, "node 96 failed"],
      [{ error: [{ details: "a" }, { message: "b" }] }, "a; b"],
      [{ failure_reason: "bad image" }, "bad image"],
      [{ error: { nested: { deep: 1 } } }, '{"nested":{"deep":1}}'],
      [{ error: null }, ""],
      [{}, ""],
    ] as const) {
      assert.deepEqual(await asked("result", 200, { status: "failed", ...body }), {
        phase: "failed",
        message,
        cost: undefined,
      });
    }
  });

  it("reads both spellings of cancelled", async () => {
    assert.equal((await asked("result", 200, { status: "cancelled" })).phase, "cancelled");
    assert.equal((await asked("result", 200, { status: "canceled" })).phase, "cancelled");
  });

  it("tells what a failed or cancelled run cost, where the service does", async () => {
    for (const status of ["failed", "cancelled"]) {
      const result = await asked("result", 200, { status, cost: 0.1 });
      assert.ok("cost" in result && result.cost === 0.1);
    }
  });

  it("never takes trouble for a failure", async () => {
    for (const [status, body] of [
      [500, { status: "failed" }],
      [502, "<html>"],
      [200, "<html>"],
      [200, { error_code: 500001, status: "failed" }],
      [404, { error_code: 404001 }],
    ] as const) {
      assert.equal((await asked("result", status, body)).phase, "unread");
    }
  });
});

describe("a read that names its request", () => {
  const states = {
    status: [{ status: "in_queue" }, { status: "completed" }, { status: "cancelled" }],
    result: [
      { status: "failed" },
      { status: "cancelled" },
      { status: "succeeded", output: { video: "https://a.example/v.mp4" } },
    ],
    cancel: [{ outcome: "cancelled" }, { outcome: "not_cancellable" }],
  };

  it("says nothing of ours where it names another one, whatever it says of that", async () => {
    for (const call of ["status", "result", "cancel"] as const) {
      const said = [...states[call], { error_code: 404001 }, { error_code: 403001 }, { error_code: 400005 }];
      for (const body of said) {
        for (const named of ["another-request", `${id}0`, 7]) {
          const read = await asked(call, "error_code" in body ? 404 : 200, { request_id: named, ...body });
          assert.ok(read.phase === "unread", JSON.stringify([call, named, body, read]));
          assert.equal(read.problem.code, "serviceTrouble");
        }
      }
    }
  });

  it("is taken where it names ours, in whatever case, or none", async () => {
    for (const call of ["status", "result", "cancel"] as const) {
      for (const body of states[call]) {
        for (const request_id of [id, id.toUpperCase(), ` ${id}`, null, undefined, {}, "", " "]) {
          const read = await asked(call, 200, { request_id, ...body });
          assert.notEqual(read.phase, "unread", JSON.stringify([call, request_id, body]));
        }
      }
    }
  });

  it("is the service's word also with an error code beside its state", async () => {
    for (const error_code of [500001, 422001, 400002, "500001", 7]) {
      const told = { request_id: id, error_code, error_message: "CUDA out of memory" };
      assert.deepEqual(await asked("status", 200, { ...told, status: "failed" }), { phase: "ended" });
      assert.deepEqual(await asked("status", 200, { ...told, status: "completed" }), { phase: "ended" });
      assert.deepEqual(await asked("status", 200, { ...told, status: "cancelled" }), { phase: "cancelled" });
      assert.deepEqual(await asked("result", 200, { ...told, status: "failed" }), {
        phase: "failed",
        message: "CUDA out of memory",
        cost: undefined,
      });
      assert.equal((await asked("result", 200, { ...told, status: "cancelled" })).phase, "cancelled");
      assert.equal((await asked("cancel", 200, { ...told, outcome: "not_cancellable" })).phase, "tooLate");
    }
    assert.deepEqual(await asked("result", 200, { request_id: id, status: "failed", error_code: 500001 }), {
      phase: "failed",
      message: "500001",
      cost: undefined,
    });
  });

  it("but not where the code is about the read, or the HTTP status says that it went wrong", async () => {
    for (const error_code of [400004, 401001, 403001, 404001, 429001]) {
      const body = { request_id: id, status: "failed", error_code };
      assert.equal((await asked("result", 200, body)).phase, "unread", String(error_code));
    }
    assert.equal(
      (await asked("result", 200, { request_id: id, status: "failed", error_code: 400005 })).phase,
      "notReady",
    );
    assert.equal(
      (await asked("result", 500, { request_id: id, status: "failed", error_code: 500001 })).phase,
      "unread",
    );
  });
});

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
