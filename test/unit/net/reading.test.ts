import assert from "node:assert/strict";
import { PassThrough, pipeline, Readable } from "node:stream";
import { describe, it } from "node:test";
import { createGzip } from "node:zlib";
import { createStorage } from "../../../src/hosting/storage.ts";
import { BrokenAnswer, readBytes, readText } from "../../../src/net/reading.ts";
import { readBalance } from "../../../src/runcomfy/balance.ts";
import { createCatalogue } from "../../../src/runcomfy/catalogue.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import { refused } from "../../support/problems.ts";
import { serve } from "../runcomfy/server.ts";

const kibibyte = 1024;

/** An answer without an end, which tells how much of it was asked for. */
function endless() {
  const seen = { bytes: 0, cancelled: false };
  const chunk = new TextEncoder().encode("x".repeat(kibibyte));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      seen.bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { response: new Response(body), seen };
}

describe("an answer", () => {
  it("is read to its bound and no further, and let go", async () => {
    const { response, seen } = endless();
    await assert.rejects(
      readText(response, 10 * kibibyte),
      (error) => error instanceof BrokenAnswer && error.text === "x".repeat(10 * kibibyte),
    );
    assert.ok(seen.bytes <= 12 * kibibyte, String(seen.bytes));
    assert.ok(seen.cancelled);
  });

  it("is bounded in bytes, whatever its characters", async () => {
    assert.equal(await readText(new Response("ü".repeat(512)), kibibyte), "ü".repeat(512));
    await assert.rejects(readText(new Response("ü".repeat(513)), kibibyte), BrokenAnswer);
    assert.equal(await readText(new Response(null), 0), "");
    assert.equal(await readText(new Response("\ufeff{}"), 10), "{}");
  });

  it("of bytes is none where it is longer, and is let go", async () => {
    assert.equal((await readBytes(new Response("four"), 4))?.toString(), "four");
    const { response, seen } = endless();
    assert.equal(await readBytes(response, 10 * kibibyte), undefined);
    assert.ok(seen.bytes <= 12 * kibibyte, String(seen.bytes));
    assert.ok(seen.cancelled);
  });

  it("that breaks off leaves what came of it", async () => {
    const parts = [new TextEncoder().encode("half")].values();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const { value } = parts.next();
        if (value === undefined) {
          throw new Error("gone");
        }
        controller.enqueue(value);
      },
    });
    await assert.rejects(
      readText(new Response(body), kibibyte),
      (error) => error instanceof BrokenAnswer && error.text === "half" && error.cause instanceof Error,
    );
  });
});

describe("a small packed answer that unpacks without an end", () => {
  /** Serves zeros without an end, packed a thousand to one. */
  const bomb = (status: number) =>
    serve((response) => {
      const zeros = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(1 << 20);
        })(),
      );
      response.writeHead(status, { "Content-Encoding": "gzip" });
      pipeline(zeros, createGzip(), new PassThrough(), response, () => undefined);
    });
  const timeout = 60_000;

  it("from the catalogue and for the balance", async () => {
    await using server = await bomb(200);
    const catalogue = createCatalogue({ base: () => server.origin, fetch, token: async () => "t", timeout });
    assert.deepEqual(await catalogue.look("t"), { kind: "unread", reason: "TOO_LONG" });
    assert.deepEqual(await readBalance(fetch, server.origin, "t", timeout), { kind: "unknown" });
  });

  it("from the model API", async () => {
    await using server = await bomb(200);
    const client = createClient({
      base: server.origin,
      fetch,
      token: async () => "t",
      timeouts: { submit: timeout, read: timeout },
    });
    const status = await client.status("request-1");
    assert.ok(status.phase === "unread" && status.problem.code === "serviceTrouble");
    assert.equal(status.problem.reason, "TOO_LONG");
    const submission = await client.submit({});
    assert.ok(submission.outcome === "unclear" && submission.problem.code === "submitUnclear");
    assert.equal(submission.problem.reason, "TOO_LONG");
  });

  it("from the user's storage", async () => {
    await using server = await bomb(403);
    const storage = createStorage({
      settings: () => ({ url: `${server.origin}/\${name}`, publicUrl: "", headers: {} }),
      credentials: async () => undefined,
      fetch,
      now: Date.now,
    });
    const object = await storage.locate("put", "a.png");
    await assert.rejects(storage.upload(object, new Uint8Array(1)), refused("storageRefused"));
  });
});
