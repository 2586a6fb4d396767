import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createClient, type Exchange } from "../../../src/runcomfy/client.ts";
import { answer, closedPort, portOf, serve, serveTcp } from "./server.ts";

const id = "request-1";

function clientAt(base: string, limit: number, exchanges: Exchange[]) {
  return createClient({
    base,
    fetch,
    token: async () => "test-token",
    onExchange: (exchange) => exchanges.push(exchange),
    timeouts: { submit: limit, read: limit },
  });
}

/** Outcome of a submit and problem of a status at an address. */
async function at(base: string, limit = 10_000) {
  const exchanges: Exchange[] = [];
  const client = clientAt(base, limit, exchanges);
  const submission = await client.submit({ "99_text": "x" });
  const status = await client.status(id);
  return {
    submission,
    outcome: submission.outcome,
    problem: status.phase === "unread" ? status.problem : undefined,
    logged: exchanges.map((exchange) => exchange.status),
  };
}

describe("connections that fail before sending", () => {
  it("refused", async () => {
    const { outcome, problem, logged } = await at(`http://127.0.0.1:${await closedPort()}`);
    assert.equal(outcome, "notSent");
    assert.equal(problem?.code, "unreachable");
    assert.deepEqual(logged, ["ECONNREFUSED", "ECONNREFUSED"]);
  });

  it("refused at every address of a name", async () => {
    const { outcome } = await at(`http://localhost:${await closedPort()}`);
    assert.equal(outcome, "notSent");
  });

  it("no such name", async () => {
    const { outcome, problem } = await at("http://name.invalid");
    assert.equal(outcome, "notSent");
    assert.ok(problem?.code === "unreachable" && problem.host === "name.invalid");
  });
});

describe("TLS", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wan-flf2v-tls-"));
    const args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost".split(
      " ",
    );
    execFileSync("openssl", [...args, "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")], {
      stdio: "ignore",
    });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("a certificate of its own making is refused, and nothing was sent", async () => {
    let requests = 0;
    const server = createTlsServer(
      { key: await readFile(join(folder, "key.pem")), cert: await readFile(join(folder, "cert.pem")) },
      (_request, response) => {
        requests += 1;
        response.end("{}");
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { outcome, submission, problem } = await at(`https://127.0.0.1:${portOf(server.address())}`);
    server.close();
    server.closeAllConnections();
    assert.equal(outcome, "refused");
    assert.ok(submission.outcome === "refused" && submission.problem.code === "certificate");
    assert.equal(submission.problem.reason, "DEPTH_ZERO_SELF_SIGNED_CERT");
    assert.equal(problem?.code, "certificate");
    assert.equal(requests, 0);
  });

  it("a server that speaks no TLS is refused", async () => {
    await using server = await serve((response) => answer(response, 200, {}));
    const { outcome, problem } = await at(server.origin.replace("http:", "https:"));
    assert.equal(outcome, "refused");
    assert.equal(problem?.code, "certificate");
    assert.equal(server.received.length, 0);
  });

  it("a connection that dies in the handshake has sent nothing", async () => {
    await using server = await serveTcp((socket) => socket.on("data", () => socket.resetAndDestroy()));
    const { outcome, submission } = await at(server.origin.replace("http:", "https:"));
    assert.equal(outcome, "notSent");
    assert.ok(submission.outcome === "notSent" && submission.problem.code === "unreachable");
  });

  it("nor has one that waits for the handshake until the time is up", async () => {
    await using server = await serveTcp(() => undefined);
    assert.equal((await at(server.origin.replace("http:", "https:"), 200)).outcome, "notSent");
  });

  it("nor has one to a port that fetch forbids", async () => {
    assert.equal((await at("http://127.0.0.1:6000")).outcome, "notSent");
  });
});

describe("connections that fail after sending", () => {
  it("reset before any answer", async () => {
    await using server = await serveTcp((socket) => socket.on("data", () => socket.resetAndDestroy()));
    const { outcome, problem } = await at(server.origin);
    assert.equal(outcome, "unclear");
    assert.equal(problem?.code, "serviceTrouble");
  });

  it("closed before any answer", async () => {
    await using server = await serveTcp((socket) => socket.on("data", () => socket.end()));
    assert.equal((await at(server.origin)).outcome, "unclear");
  });

  it("an answer that is no HTTP", async () => {
    await using server = await serveTcp((socket) => socket.on("data", () => socket.end("SSH-2.0-OpenSSH\r\n")));
    const { outcome, problem } = await at(server.origin);
    assert.equal(outcome, "unclear");
    assert.equal(problem?.code, "serviceTrouble");
  });

  it("an answer that breaks off", async () => {
    await using server = await serveTcp((socket) =>
      socket.on("data", () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"request_id":"')),
    );
    assert.equal((await at(server.origin)).outcome, "unclear");
  });

  it("an answer that breaks off before the request was read to its end", async () => {
    const early = `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"request_id":"${id}",`;
    await using server = await serveTcp((socket) => {
      socket.once("data", () => {
        socket.pause();
        socket.write(early, () => setImmediate(() => socket.destroy()));
      });
    });
    const client = clientAt(server.origin, 10_000, []);
    const submission = await client.submit({ "99_text": "x".repeat(20_000_000) });
    assert.ok(
      submission.outcome === "unclear" && submission.problem.code === "submitUnclear",
      JSON.stringify(submission),
    );
  });

  it("a connection that ends in the middle of the request has sent nothing that counts", async () => {
    await using server = await serveTcp((socket) => {
      socket.once("data", () => {
        socket.pause();
        socket.resetAndDestroy();
      });
    });
    const client = clientAt(server.origin, 10_000, []);
    assert.equal((await client.submit({ "99_text": "x".repeat(20_000_000) })).outcome, "notSent");
  });

  it("an answer without an end", async () => {
    await using server = await serve((response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(65_536))) {
          // as fast as the other side takes it
        }
      };
      response.on("drain", pour);
      pour();
    });
    const client = createClient({
      base: server.origin,
      fetch,
      token: async () => "t",
      timeouts: { submit: 60_000, read: 60_000 },
    });
    assert.equal((await client.submit({})).outcome, "unclear");
    assert.equal((await client.status(id)).phase, "unread");
  });

  it("no answer in time", async () => {
    await using server = await serve(() => undefined);
    const { outcome, problem, logged } = await at(server.origin, 100);
    assert.equal(outcome, "unclear");
    assert.ok(problem?.code === "serviceTrouble" && problem.reason === "TimeoutError");
    assert.deepEqual(logged, ["TimeoutError", "TimeoutError"]);
    assert.equal(server.received.length, 2);
  });

  it("an answer that stalls in its middle", async () => {
    await using server = await serve((response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write('{"request_id":');
    });
    assert.equal((await at(server.origin, 100)).outcome, "unclear");
  });
});

it("gives a submit five minutes and a read half a minute", async (test) => {
  const limits: number[] = [];
  const original = AbortSignal.timeout.bind(AbortSignal);
  test.mock.method(AbortSignal, "timeout", (ms: number) => {
    limits.push(ms);
    return original(ms);
  });
  await using server = await serve((response) => answer(response, 200, {}));
  const client = createClient({ base: server.origin, fetch, token: async () => "t" });
  await client.submit({});
  await client.status(id);
  assert.deepEqual(limits, [300_000, 30_000]);
});
