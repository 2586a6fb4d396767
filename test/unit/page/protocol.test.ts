import assert from "node:assert/strict";
import { test } from "node:test";
import { answerSchemas, hostMessageSchema, pageMessageSchema } from "../../../src/shared/messages/panel.ts";
import { pageHtml } from "../../../src/ui/panel/html.ts";

const order = { kind: "generate", start: "/a.png", end: "/b.png", prompt: "p", parameters: { fps: 24 } };

test("every request of the page is understood, and nothing else", () => {
  const requests = [
    { kind: "ready" },
    { kind: "image", path: "/a.png" },
    { kind: "pick", side: "end" },
    { kind: "drop", uris: ["file:///a.png"] },
    order,
    { kind: "act", jobId: "1", action: "cancel" },
    { kind: "video", jobId: "1" },
    { kind: "command", command: "wanFlf2v.setToken" },
    { kind: "input", jobId: "1", side: "start" },
    { kind: "measured", jobId: "1", measures: { width: 960, height: 536, frames: 81, start: { ssim: 1, psnr: 99 } } },
    { kind: "saveFrame", jobId: "1", frame: 40, bytes: new Uint8Array(8) },
    { kind: "again", jobId: "1" },
    { kind: "reuse", jobId: "1" },
  ];
  for (const request of requests) {
    assert.ok(pageMessageSchema.safeParse({ id: 1, request }).success, request.kind);
  }
  const refused = [
    undefined,
    { id: 1 },
    { id: 1.5, request: { kind: "ready" } },
    { id: 1, request: { kind: "readFile", path: "/etc/passwd" } },
    { id: 1, request: { kind: "pick", side: "middle" } },
    { id: 1, request: { ...order, parameters: { fps: 25 } } },
    { id: 1, request: { ...order, parameters: { negative_prompt: "x" } } },
    { id: 1, request: { ...order, start: undefined } },
    { id: 1, request: { kind: "saveFrame", jobId: "1", frame: 0, bytes: new Uint8Array(8) } },
    { id: 1, request: { kind: "saveFrame", jobId: "1", frame: 1, bytes: "../../etc" } },
  ];
  for (const message of refused) {
    assert.ok(!pageMessageSchema.safeParse(message).success, JSON.stringify(message));
  }
});

test("what the host tells is understood, and nothing else", () => {
  assert.ok(hostMessageSchema.safeParse({ kind: "draft", patch: { start: "/a.png" } }).success);
  assert.ok(hostMessageSchema.safeParse({ kind: "failure", id: 1, problem: { message: "No.", field: "cfg" } }).success);
  assert.ok(
    !hostMessageSchema.safeParse({ kind: "failure", id: 1, problem: { message: "No.", field: "cgf" } }).success,
  );
  assert.ok(!hostMessageSchema.safeParse({ kind: "eval", code: "1" }).success);
  assert.ok(!answerSchemas.video.safeParse({ bytes: [1, 2] }).success);
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
