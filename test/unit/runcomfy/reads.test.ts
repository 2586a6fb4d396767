import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemSchema } from "../../../src/shared/model/problem.ts";
import { asked, id, token } from "./meeting.ts";

describe("status", () => {
  for (const [word, expected] of Object.entries({
    in_queue: { phase: "queued", position: undefined },
    pending: { phase: "queued", position: undefined },
    waiting: { phase: "queued", position: undefined },
    in_progress: { phase: "running", serviceStatus: undefined },
    starting: { phase: "running", serviceStatus: undefined },
    processing: { phase: "running", serviceStatus: undefined },
    IN_PROGRESS: { phase: "running", serviceStatus: undefined },
    " completed ": { phase: "ended" },
    completed: { phase: "ended" },
    succeeded: { phase: "ended" },
    failed: { phase: "ended" },
    cancelled: { phase: "cancelled" },
    canceled: { phase: "cancelled" },
    cancellation_requested: { phase: "running", serviceStatus: "cancellation_requested" },
    "warming the kettle": { phase: "running", serviceStatus: "warming the kettle" },
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

  it("shortens an endless status", async () => {
    const status = await asked("status", 200, { status: "x".repeat(10_000) });
    assert.ok(status.phase === "running" && status.serviceStatus?.length === 60);
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
