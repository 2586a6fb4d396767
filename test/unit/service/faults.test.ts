import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { FaultPlan } from "../../support/service/faults.ts";
import { type Service, startService } from "../../support/service/service.ts";
import { call, dataUri, finished, handClock, MODEL, pictureFile, probe, SAMPLE_BODY, submit } from "./helpers.ts";

const quick = { timing: { queueMs: 0, runMs: 0 } };

function post(service: Service): Promise<unknown> {
  return call(service, `/v1/models/${MODEL}`, { method: "POST", body: SAMPLE_BODY });
}

function ended(service: Service): [string | null, string, string | null][] {
  return service.ledger.exchanges.map(({ call: name, outcome, faultId }) => [name, outcome, faultId]);
}

test("a plan that is none is refused with its reason", async () => {
  await using service = await startService();
  const wrong: [unknown, RegExp][] = [
    [[{ on: "submit", do: {} }], /must do something/],
    [[{ on: "submit", do: { respnd: { status: 500 } } }], /respnd/],
    [[{ on: "status", do: { videoIs: "html" } }], /videoIs does not apply to status/],
    [[{ on: "balance", requestIndex: 0, do: { delayMs: 1 } }], /belongs to no request/],
    [[{ on: "everything", do: { delayMs: 1 } }], /on/],
  ];
  for (const [plan, reason] of wrong) {
    const response = await fetch(`${service.url}/_test/faults`, { method: "PUT", body: JSON.stringify(plan) });
    assert.equal(response.status, 400);
    assert.match(await response.text(), reason);
  }
});

test("nth, times and requestIndex choose the calls", async () => {
  const respond = { respond: { status: 503, json: {} } };
  const outcomes = async (plan: FaultPlan) => {
    await using service = await startService({ timing: { queueMs: null }, faults: plan });
    const ids = [await submit(service), await submit(service)];
    const seen: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const id of ids) seen.push((await call(service, `/v1/requests/${id}/status`)).status);
    }
    return seen.map((status) => (status === 503 ? "x" : ".")).join("");
  };
  assert.equal(await outcomes([{ on: "status", do: respond }]), "xxxxxx");
  assert.equal(await outcomes([{ on: "status", nth: 3, do: respond }]), "..x...");
  assert.equal(await outcomes([{ on: "status", times: 2, do: respond }]), "xx....");
  assert.equal(await outcomes([{ on: "status", nth: 2, times: 3, do: respond }]), ".xxx..");
  assert.equal(await outcomes([{ on: "status", requestIndex: 1, do: respond }]), ".x.x.x");
  assert.equal(await outcomes([{ on: "status", requestIndex: 1, nth: 2, do: respond }]), "...x..");
  assert.equal(
    await outcomes([
      { on: "status", nth: 1, do: { delayMs: 1 } },
      { on: "status", times: 2, do: respond },
    ]),
    ".x....",
  );
});

test("a lost answer: reset before acceptance leaves nothing, after acceptance a paid job", async () => {
  await using service = await startService({
    faults: [
      { id: "before", on: "submit", nth: 1, do: { resetBeforeAccept: true } },
      { id: "after", on: "submit", nth: 2, do: { resetAfterAccept: true } },
      { id: "garbage", on: "submit", nth: 3, do: { acceptThenRespond: { status: 502, text: "<html>" } } },
    ],
  });
  await assert.rejects(post(service));
  assert.equal(service.requests().length, 0);
  await assert.rejects(post(service));
  assert.equal(service.requests().length, 1);
  const answer = await fetch(`${service.url}/v1/models/${MODEL}`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.token}` },
    body: SAMPLE_BODY,
  });
  assert.deepEqual([answer.status, await answer.text()], [502, "<html>"]);
  assert.deepEqual(
    service.requests().map(({ index }) => index),
    [0, 1],
  );
  assert.deepEqual(ended(service), [
    ["submit", "reset", "before"],
    ["submit", "reset", "after"],
    ["submit", "answered", "garbage"],
  ]);
});

test("a hanging call is never answered; the client gives up", async () => {
  await using service = await startService({
    faults: [
      { on: "submit", nth: 1, do: { hangBefore: true } },
      { on: "submit", nth: 2, do: { hangAfter: true } },
    ],
  });
  for (const accepted of [0, 1]) {
    const stop = new AbortController();
    const answer = fetch(`${service.url}/v1/models/${MODEL}`, {
      method: "POST",
      headers: { authorization: `Bearer ${service.token}` },
      body: SAMPLE_BODY,
      signal: stop.signal,
    });
    while (service.ledger.exchanges.at(-1)?.faultId !== `fault-${accepted}`) await new Promise(setImmediate);
    stop.abort();
    await assert.rejects(answer, { name: "AbortError" });
    while (service.ledger.exchanges.at(-1)?.outcome !== "abandoned") await new Promise(setImmediate);
    assert.equal(service.requests().length, accepted);
  }
});

test("answers in place of the service", async () => {
  await using service = await startService({
    ...quick,
    faults: [
      { on: "balance", nth: 1, do: { errorIn200: { error_code: 400004, error_message: "revoked" } } },
      {
        on: "balance",
        nth: 2,
        do: { respond: { status: 429, json: { a: 1 }, headers: { "X-A": "b" } }, retryAfter: 7 },
      },
      { on: "balance", nth: 3, do: { redirect: { location: "http://127.0.0.1:9/" } } },
      { on: "balance", nth: 4, do: { html: true } },
      { on: "balance", nth: 5, do: { respond: { status: 204, empty: true } } },
    ],
  });
  const get = () =>
    fetch(`${service.url}/prod/v2/balance`, {
      redirect: "manual",
      headers: { authorization: `Bearer ${service.token}` },
    });
  const first = await get();
  assert.deepEqual([first.status, await first.json()], [200, { error_code: 400004, error_message: "revoked" }]);
  const second = await get();
  assert.deepEqual([second.status, second.headers.get("retry-after"), second.headers.get("x-a")], [429, "7", "b"]);
  const third = await get();
  assert.deepEqual([third.status, third.headers.get("location")], [302, "http://127.0.0.1:9/"]);
  const fourth = await get();
  assert.match(fourth.headers.get("content-type") ?? "", /text\/html/);
  assert.match(await fourth.text(), /^<!doctype html>/);
  assert.equal((await get()).status, 204);
  assert.equal((await get()).status, 200);
});

test("faults of a run: its own timing, failure with any error, expiry", async () => {
  const clock = handClock();
  const error = [{ errorCode: 7, error: "CUDA out of memory", debugInfo: {} }];
  await using service = await startService({
    now: clock.now,
    faults: [
      { on: "submit", requestIndex: 0, do: { timing: { queueMs: 10, runMs: null } } },
      { on: "submit", requestIndex: 1, do: { failRun: { error } } },
      { on: "submit", requestIndex: 2, do: { failRun: { error: "gone", field: "failure_reason", charged: true } } },
      { on: "status", requestIndex: 2, nth: 2, do: { expire: true } },
    ],
  });
  const ids = [await submit(service), await submit(service), await submit(service)];
  clock.move(10);
  const state = async (index: number, what = "status") => call(service, `/v1/requests/${ids[index]}/${what}`);
  assert.equal((await state(0)).json.status, "in_progress");
  assert.equal((await state(1)).json.status, "in_queue");
  clock.move(1e9);
  assert.equal((await state(0)).json.status, "in_progress");
  await service.advance("completed", ids[1]);
  await service.advance("completed", ids[2]);
  assert.equal((await state(1)).json.status, "completed");
  const failed = (await state(1, "result")).json;
  assert.deepEqual([failed.status, failed.error, failed.output], ["failed", error, undefined]);
  const other = (await state(2, "result?include_cost=true")).json;
  assert.deepEqual([other.status, other.failure_reason, other.cost], ["failed", "gone", 0.253125]);
  assert.deepEqual(
    service.requests().map(({ failed: hasFailed, charged }) => [hasFailed, charged]),
    [
      [false, false],
      [true, false],
      [true, true],
    ],
  );
  assert.equal((await state(2)).status, 200);
  for (const what of ["status", "status", "result"]) {
    const { status, json } = await state(2, what);
    assert.deepEqual([status, json.error_code], [404, 404001]);
  }
});

test("the result lags, lacks its cost, or has another shape", async () => {
  await using service = await startService(quick);
  const id = await submit(service);
  await service.advance("completed");
  const result = async (query = "") => (await call(service, `/v1/requests/${id}/result${query}`)).json;
  const outputOf = async (effects: FaultPlan[number]["do"]) => {
    service.setFaults([{ on: "result", do: effects }]);
    return z.record(z.string(), z.unknown()).parse((await result()).output);
  };
  service.setFaults([{ on: "result", do: { resultLag: { times: 2 }, costLag: { times: 1 } } }]);
  assert.equal((await result()).status, "in_progress");
  assert.equal((await result()).status, "in_progress");
  assert.ok(!("cost" in (await result("?include_cost=true"))));
  assert.equal((await result("?include_cost=true")).cost, 0.253125);

  service.setFaults([{ on: "result", do: { resultLag: { times: 3, as: "400005" } } }]);
  const early = await call(service, `/v1/requests/${id}/result`);
  assert.deepEqual([early.status, early.json.error_code], [400, 400005]);

  assert.deepEqual(await outputOf({ resultEmptyOutput: true }), {});
  assert.deepEqual(Object.keys(await outputOf({ onlyVideosArray: true })), ["videos"]);
  const several = z.array(z.string()).parse((await outputOf({ severalVideos: true })).videos);
  assert.equal(several.length, 2);
  for (const url of several) assert.equal((await fetch(url)).headers.get("content-type"), "video/mp4");
  const { image } = await outputOf({ companionImage: true });
  assert.equal((await fetch(z.string().parse(image))).headers.get("content-type"), "image/png");
  const evil = "https://evil.example/x.mp4";
  assert.deepEqual(await outputOf({ videoUrl: evil }), { video: evil });

  service.setFaults([{ on: "result", do: { echoInputs: true, statusWord: "polishing" } }]);
  const odd = await result();
  assert.equal(odd.status, "polishing");
  assert.deepEqual(odd.inputs, JSON.parse(SAMPLE_BODY));
});

test("files that are not the video that was paid for", async () => {
  await using service = await startService(quick);
  const small = { "111_widthx111_height": "480x480 (1:1)", "159_frame_rate": 24 };
  const { video } = await finished(service, small);
  const whole = Buffer.from(await (await fetch(video)).arrayBuffer());
  type Kind = NonNullable<FaultPlan[number]["do"]["videoIs"]>;
  const served = async (videoIs: Kind) => {
    service.setFaults([{ on: "download", do: { videoIs } }]);
    const response = await fetch(video);
    return { type: response.headers.get("content-type"), bytes: Buffer.from(await response.arrayBuffer()) };
  };
  assert.equal((await served("empty")).bytes.length, 0);
  const cut = (await served("truncated")).bytes;
  assert.ok(cut.equals(whole.subarray(0, cut.length)));
  assert.ok(cut.length < whole.length);
  assert.equal((await served("html")).type, "text/html");
  const text = await served("text");
  assert.deepEqual([text.type, text.bytes.indexOf("ftyp")], ["video/mp4", -1]);
  const facts = async (kind: Kind) => {
    const { streams, format } = await probe((await served(kind)).bytes);
    const [stream] = streams;
    return [format.format_name.includes("webm"), stream?.width, stream?.nb_read_frames, stream?.r_frame_rate];
  };
  assert.deepEqual(await facts("webm"), [true, 480, 81, "24/1"]);
  assert.deepEqual(await facts("wrongSize"), [false, 720, 81, "24/1"]);
  assert.deepEqual(await facts("wrongFrames"), [false, 480, 49, "24/1"]);
  assert.deepEqual(await facts("wrongFps"), [false, 480, 81, "12/1"]);
  for (const kind of ["cut", "static", "swapped", "flash"] as const) {
    assert.deepEqual(await facts(kind), [false, 480, 81, "24/1"]);
    assert.ok(!(await served(kind)).bytes.equals(whole), kind);
  }
  service.setFaults([{ on: "download", nth: 2, do: { expire: true } }]);
  assert.deepEqual(
    [(await fetch(video)).status, (await fetch(video)).status, (await fetch(video)).status],
    [200, 404, 404],
  );
});

test("bodies that are cut, stalled, slow or wrongly announced", async () => {
  await using service = await startService(quick);
  const { video } = await finished(service, { "111_widthx111_height": "480x480 (1:1)" });
  const whole = Buffer.from(await (await fetch(video)).arrayBuffer());
  const take = async (effects: FaultPlan[number]["do"], headers: Record<string, string> = {}) => {
    service.setFaults([{ on: "download", do: effects }]);
    const response = await fetch(video, { headers });
    const length = response.headers.get("content-length");
    const body = await response.arrayBuffer().then(
      (buffer) => buffer.byteLength,
      () => "broken",
    );
    const last = service.ledger.downloads.at(-1);
    return { length, body, ledger: [last?.bytes, last?.completed], response };
  };
  const full = String(whole.length);
  const pick = async (effects: FaultPlan[number]["do"]) => {
    const { length, body, ledger } = await take(effects);
    return [length, body, ...ledger];
  };
  assert.deepEqual(await pick({ delayMs: 1 }), [full, whole.length, whole.length, true]);
  assert.deepEqual(await pick({ truncate: { afterBytes: 5000 } }), [full, "broken", 5000, false]);
  assert.deepEqual(await pick({ truncate: { afterBytes: 5000, length: "short" } }), ["5000", 5000, 5000, false]);
  const bare = await take({ truncate: { afterBytes: 5000, length: "none" } });
  assert.deepEqual([bare.length, bare.body, ...bare.ledger], [null, 5000, 5000, false]);
  assert.equal(bare.response.headers.get("transfer-encoding"), null);
  assert.deepEqual(await pick({ truncate: { afterBytes: 5000, length: "chunked" } }), [null, "broken", 5000, false]);
  assert.deepEqual(await pick({ noContentLength: true }), [null, whole.length, whole.length, true]);
  const long = await take({ wrongContentLength: whole.length + 100 });
  assert.deepEqual([long.length, long.body], [String(whole.length + 100), "broken"]);

  const noRange = await take({ noRange: true }, { range: "bytes=5-" });
  assert.deepEqual([noRange.response.status, noRange.body], [200, whole.length]);
  assert.equal(noRange.response.headers.get("accept-ranges"), null);
  const typed = await take({ wrongContentType: "application/json" });
  assert.equal(typed.response.headers.get("content-type"), "application/json");

  const started = performance.now();
  const slow = await take({ slowBytes: { chunk: Math.ceil(whole.length / 4), intervalMs: 40 } });
  assert.equal(slow.body, whole.length);
  assert.ok(performance.now() - started >= 110, "three pauses of 40 ms");

  service.setFaults([{ on: "download", do: { stall: { afterBytes: 3000 } } }]);
  const stop = new AbortController();
  const stalled = await fetch(video, { signal: stop.signal });
  const reader = stalled.body?.getReader();
  let received = 0;
  while (received < 3000) received += (await reader?.read())?.value?.length ?? 0;
  assert.equal(received, 3000);
  const more = reader?.read();
  stop.abort();
  await assert.rejects(async () => more, { name: "AbortError" });
});

test("a service that is closed while it works is gone at once", async () => {
  const service = await startService({
    timing: { queueMs: null },
    faults: [{ on: "status", do: { hangBefore: true } }],
  });
  const color = Math.floor(Math.random() * 0xffffff).toString(16);
  const image = await pictureFile(`color=c=0x${color.padStart(6, "0")}:s=64x64`, "png");
  const id = await submit(service, { "110_image": dataUri(image, "image/png"), "111_length": 141 });
  const hanging = assert.rejects(call(service, `/v1/requests/${id}/status`));
  while (service.ledger.exchanges.length < 2) await new Promise(setImmediate);
  await service.close();
  await hanging;
  await service.close();
  await assert.rejects(fetch(service.url));
});
