import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import type { Ask } from "../../../src/page/kit/host.ts";
import { formRequests } from "../../../src/shared/messages/form.ts";
import { jobRequests } from "../../../src/shared/messages/jobs.ts";
import { drop, pairRequests, pick } from "../../../src/shared/messages/pair.ts";
import { panelRequests } from "../../../src/shared/messages/panel.ts";
import type { EventHandlers, Handlers, Kind } from "../../../src/shared/messages/registry.ts";
import { hostMessageSchema, pageMessageSchema, requests } from "../../../src/shared/messages/registry.ts";
import { request } from "../../../src/shared/messages/rpc.ts";
import { videoRequests } from "../../../src/shared/messages/videos.ts";
import { pageHtml } from "../../../src/ui/panel/html.ts";

const order = { kind: "generate", start: "/a.png", end: "/b.png", prompt: "p", parameters: { fps: 24 } };

/** True for a message that the host takes. */
function isUnderstood(message: unknown): boolean {
  const { data } = pageMessageSchema.safeParse(message);
  return data !== undefined && requests[data.request.kind].fields.safeParse(data.request).success;
}

test("every request of the page is understood, and nothing else", () => {
  const understood: ({ kind: string } & Record<string, unknown>)[] = [
    { kind: "ready" },
    { kind: "image", path: "/a.png" },
    { kind: "pick", side: "end" },
    { kind: "drop", uris: ["file:///a.png"] },
    order,
    { kind: "act", jobId: "1", action: "cancel" },
    { kind: "thumbnails", jobId: "1" },
    { kind: "video", jobId: "1" },
    { kind: "command", command: "wanFlf2v.setToken" },
    { kind: "input", jobId: "1", side: "start" },
    { kind: "measured", jobId: "1", measures: { width: 960, height: 536, frames: 81, start: { ssim: 1, psnr: 99 } } },
    { kind: "saveFrame", jobId: "1", frame: 40, bytes: new Uint8Array(8) },
    { kind: "again", jobId: "1" },
    { kind: "reuse", jobId: "1" },
    { kind: "draft", kept: { revision: 1, draft: { prompt: "", parameters: {} } } },
    { kind: "prompts" },
    { kind: "runTime", parameters: { length: 141 } },
    { kind: "price" },
    { kind: "destination", start: "/a.png" },
    { kind: "keep", bytes: new Uint8Array(8), name: "a.png" },
    {
      kind: "preview",
      path: "/a.png",
      resolution: "480x480 (1:1)",
      plan: { mode: "fit", fill: { kind: "blur" } },
    },
    { kind: "recentPairs" },
    { kind: "inView", jobId: "1" },
  ];
  assert.deepEqual(understood.map(({ kind }) => kind).sort(), Object.keys(requests).sort());
  for (const request of understood) {
    assert.ok(isUnderstood({ id: 1, request }), request.kind);
  }
  const refused = [
    undefined,
    { id: 1 },
    { id: 1.5, request: { kind: "ready" } },
    { id: 1, request: { kind: "readFile", path: "/etc/passwd" } },
    { id: 1, request: { kind: "toString" } },
    { id: 1, request: { kind: "pick", side: "middle" } },
    { id: 1, request: { ...order, parameters: { fps: 25 } } },
    { id: 1, request: { ...order, parameters: { negative_prompt: "x" } } },
    { id: 1, request: { ...order, start: undefined } },
    { id: 1, request: { kind: "saveFrame", jobId: "1", frame: 0, bytes: new Uint8Array(8) } },
    { id: 1, request: { kind: "saveFrame", jobId: "1", frame: 1, bytes: "../../etc" } },
  ];
  for (const message of refused) {
    assert.ok(!isUnderstood(message), JSON.stringify(message));
  }
});

test("what the host tells is understood, and nothing else", () => {
  assert.ok(hostMessageSchema.safeParse({ kind: "draft", patch: { start: "/a.png" } }).success);
  assert.ok(hostMessageSchema.safeParse({ kind: "failure", id: 1, problem: { message: "No.", field: "cfg" } }).success);
  assert.ok(
    !hostMessageSchema.safeParse({ kind: "failure", id: 1, problem: { message: "No.", field: "cgf" } }).success,
  );
  assert.ok(!hostMessageSchema.safeParse({ kind: "eval", code: "1" }).success);
  assert.ok(!requests.video.answer.safeParse({ bytes: [1, 2] }).success);
});

test("a request is answered with its own answer, and asked with its own fields, or it does not compile", () => {
  const own: Pick<Handlers, "pick" | "act"> = { pick: () => ({ path: "/a.png" }), act: () => ({}) };
  const others: Pick<Handlers, "pick" | "act" | "generate" | "saveFrame"> = {
    // @ts-expect-error: the answer to "generate"
    pick: () => ({ jobId: "1" }),
    // @ts-expect-error: the answer to "pick"
    act: () => ({ path: "/a.png" }),
    // @ts-expect-error: the answer to "pick", later
    generate: async () => ({ path: "/a.png" }),
    // @ts-expect-error: half an answer
    saveFrame: () => ({ path: "/a.png" }),
  };
  assert.deepEqual([Object.keys(own).length, Object.keys(others).length], [2, 4]);
  // @ts-expect-error: a handler is missing
  const lacking: Pick<Handlers, "pick" | "act"> = { pick: own.pick };
  assert.ok(!("act" in lacking));

  const ignore = () => undefined;
  const events: EventHandlers = { draft: ignore, jobs: ignore, seen: ignore, settings: ignore, show: ignore };
  // @ts-expect-error: an event of the host that the page forgets
  const forgetful: EventHandlers = { draft: ignore, jobs: ignore, seen: ignore, show: ignore };
  // @ts-expect-error: what another event says
  const mistaken: EventHandlers = { ...events, jobs: ({ patch }) => patch };
  assert.deepEqual(
    [events, forgetful, mistaken].map((each) => Object.keys(each).length),
    [5, 4, 5],
  );

  const asked: Kind[] = [];
  const ask: Ask = ({ kind }) => {
    asked.push(kind);
    return new Promise(() => undefined);
  };
  const answer: Promise<{ path?: string | undefined }> = ask(pick, { side: "start" });
  // @ts-expect-error: the answer to "drop"
  const anothers: Promise<{ paths: string[] }> = ask(pick, { side: "start" });
  // @ts-expect-error: the fields of "drop"
  void ask(pick, { uris: [] });
  // @ts-expect-error: no such side
  void ask(pick, { side: "middle" });
  // @ts-expect-error: the side is missing
  void ask(pick, {});
  // @ts-expect-error: no request that the host knows
  void ask(request("readFile", { path: z.string() }, z.object({})), { path: "/etc/passwd" });
  // @ts-expect-error: the answer's schema is not that of the request
  void ask({ ...pick, answer: drop.answer }, { side: "start" });
  assert.ok(answer instanceof Promise && anothers instanceof Promise);
  assert.equal(asked.length, 7);
});

test("each request has a kind of its own, the one it is listed by", () => {
  for (const [kind, listed] of Object.entries(requests)) {
    assert.equal(listed.kind, kind);
  }
  const files = [formRequests, jobRequests, pairRequests, panelRequests, videoRequests];
  assert.equal(
    files.reduce((count, file) => count + Object.keys(file).length, 0),
    Object.keys(requests).length,
  );
});

test("the page may run its own script alone, and texts cannot break out of it", () => {
  const html = pageHtml({
    cspSource: "https://src.test",
    script: "https://src.test/panel.js",
    style: "https://src.test/panel.css",
    icons: "https://src.test/codicon.css",
    nonce: "abc123",
    language: "en",
    title: `</title><script>alert("1")</script>`,
    bundle: { '"><script>alert("1")</script>': `'><script>alert("1")</script>` },
  });
  assert.match(html, /default-src &#39;none&#39;; script-src &#39;nonce-abc123&#39;;/);
  assert.doesNotMatch(html, /unsafe-|https:(?!\/\/src\.test)/);
  assert.equal(html.match(/<script/g)?.length, 1);
});
