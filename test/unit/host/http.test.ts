import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { connect, createServer as createTcpServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createFetch } from "../../../src/host/http.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import { portOf } from "../runcomfy/server.ts";
import { selfSigned } from "../runcomfy/tls.ts";

// The way of https where `http.proxyStrictSSL` is off.

const fetch = createFetch(() => ({ dispatcherAvoidsProxy: false, strictCertificates: false }));
const keys = selfSigned();
const id = "request-1";

type Listening = Pick<ReturnType<typeof createTcpServer>, "listen" | "close" | "address" | "on" | "off">;
const closers: (() => Promise<void>)[] = [];
after(() => Promise.all(closers.map((close) => close())));

/** The port of a server, which ends with the tests. */
async function listen(server: Listening): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => open.add(socket));
  server.listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => server.on("listening", resolve));
  closers.push(async () => {
    const closed = new Promise<void>((resolve) => server.on("close", resolve));
    server.close();
    for (const socket of open) {
      socket.destroy();
    }
    await closed;
  });
  return portOf(server.address());
}

const submitAt = (port: number, submit = 10_000) =>
  createClient({
    base: `https://127.0.0.1:${port}`,
    fetch,
    token: async () => "token",
    timeouts: { submit, read: 10_000 },
  }).submit({ "99_text": "x" });

describe("a connection that breaks", () => {
  const broken = ["HTTP/1.1 502 Bad Gateway\r\n\r\n", Buffer.from([0x17, 0x03, 0x01, 0xff, 0xff, 1, 2, 3])];
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    for (const [index, words] of broken.entries()) {
      it(`after the request was delivered leaves it open (${version}, ${index === 0 ? "clear text" : "a bad record"})`, async () => {
        let taken = 0;
        const inner = await listen(
          createTlsServer({ ...keys, minVersion: version, maxVersion: version }, (socket) => {
            socket.on("error", () => undefined);
            socket.once("data", () => {
              taken += 1;
              inject?.();
            });
          }),
        );
        let inject: (() => void) | undefined;
        // What stands in the way hands everything on, until it writes something of its own.
        const port = await listen(
          createTcpServer((near) => {
            const far = connect(inner, "127.0.0.1");
            near.on("error", () => undefined).on("data", (chunk) => far.write(chunk));
            far.on("error", () => undefined).on("data", (chunk) => near.write(chunk));
            inject = () => near.end(words);
          }),
        );
        const submission = await submitAt(port);
        assert.equal(submission.outcome, "unclear", JSON.stringify(submission));
        assert.equal(taken, 1);
      });
    }
  }

  it("in the handshake has sent nothing", async () => {
    const clear = await listen(
      createTcpServer((socket) => socket.on("error", () => undefined).on("data", () => socket.end("SSH-2.0\r\n"))),
    );
    const refused = await submitAt(clear);
    assert.ok(refused.outcome === "refused" && refused.problem.code === "certificate", JSON.stringify(refused));
    const reset = await listen(
      createTcpServer((socket) => socket.on("error", () => undefined).on("data", () => socket.resetAndDestroy())),
    );
    assert.equal((await submitAt(reset)).outcome, "notSent");
    const silent = await listen(createTcpServer(() => undefined));
    assert.equal((await submitAt(silent, 200)).outcome, "notSent");
  });
});

describe("an answer", () => {
  let port: number;
  let asked: string | undefined;
  let reply: { status: number; headers: Record<string, string>; body: Buffer };
  before(async () => {
    const server = createServer(keys, (request, response) => {
      asked = request.headers["accept-encoding"];
      request.resume().on("end", () => response.writeHead(reply.status, reply.headers).end(reply.body));
    });
    port = await listen(server);
  });
  const json = Buffer.from(JSON.stringify({ request_id: id }));

  for (const [packing, pack] of [
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["deflate", deflateRawSync],
    ["gzip, gzip", (bytes: Buffer) => gzipSync(gzipSync(bytes))],
    ["deflate, br", (bytes: Buffer) => brotliCompressSync(deflateSync(bytes))],
    ["gzip, identity", gzipSync],
    ["identity", (bytes: Buffer) => bytes],
    ["none", (bytes: Buffer) => bytes],
    ["aws-chunked", (bytes: Buffer) => bytes],
    ["zstd", zstdCompressSync],
    ["gzip", (bytes: Buffer) => bytes],
    ["br", (bytes: Buffer) => bytes],
    ["deflate", (bytes: Buffer) => bytes],
    ["zstd", (bytes: Buffer) => bytes],
    ["gzip, br", (bytes: Buffer) => bytes],
  ] as const) {
    it(`packed with ${packing}, by ${pack.name}, is unpacked`, async () => {
      reply = { status: 200, headers: { "Content-Encoding": packing }, body: pack(json) };
      assert.deepEqual(await submitAt(port), { outcome: "accepted", requestId: id });
      assert.equal(asked, "gzip, deflate, br");
    });
  }

  it("that breaks off leaves the id that came, however it is packed", async () => {
    for (const [packing, bytes] of [
      ["gzip", gzipSync(json)],
      ["deflate", deflateSync(json)],
      ["deflate", deflateRawSync(json)],
      ["gzip, gzip", gzipSync(gzipSync(json))],
      ["br", brotliCompressSync(json)],
      ["none", json],
    ] as const) {
      const cut = await listen(
        createServer(keys, (request, response) => {
          request.resume().on("end", () => {
            response.writeHead(200, { "Content-Encoding": packing, "Content-Length": bytes.byteLength + 1 });
            response.write(bytes);
            // The client has the bytes before it hears of the end, as over any real line.
            setTimeout(() => response.destroy(), 100);
          });
        }),
      );
      const { outcome, ...facts } = await submitAt(cut);
      assert.equal(outcome, "unclear", packing);
      assert.match(JSON.stringify(facts), new RegExp(`"requestId":"${id}"`), packing);
    }
  });

  it("that cannot be unpacked is no answer, and ends nothing but itself", async () => {
    for (const [packing, body] of [
      ["zip", gzipSync(json)],
      ["br", deflateRawSync(json)],
      ["zstd", gzipSync(json)],
      ["gzip, gzip, gzip, gzip, gzip, gzip", [1, 2, 3, 4, 5, 6].reduce((bytes) => gzipSync(bytes), json)],
    ] as const) {
      reply = { status: 200, headers: { "Content-Encoding": packing }, body };
      assert.equal((await submitAt(port)).outcome, "unclear", packing);
    }
    reply = { status: 200, headers: {}, body: json };
    assert.equal((await submitAt(port)).outcome, "accepted");
  });

  it("for a download comes as it is asked for", async () => {
    reply = { status: 200, headers: {}, body: json };
    await fetch(`https://127.0.0.1:${port}/`, { headers: { "Accept-Encoding": "identity" } });
    assert.equal(asked, "identity");
  });

  it("with a status beyond HTTP is trouble, and keeps the id that it names", async () => {
    for (const status of [600, 700, 999]) {
      reply = { status, headers: {}, body: json };
      const submission = await submitAt(port);
      assert.ok(submission.outcome === "unclear" && submission.problem.code === "submitUnclear");
      assert.equal(submission.problem.requestId, id);
    }
  });
});

it("a POST goes over a connection of its own", async () => {
  const connections = new Set<unknown>();
  const server = createServer(keys, (request, response) => {
    connections.add(request.socket);
    request.resume().on("end", () => response.end(JSON.stringify({ request_id: id })));
  });
  const port = await listen(server);
  await submitAt(port);
  await submitAt(port);
  assert.equal(connections.size, 2);
});
