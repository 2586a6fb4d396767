import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ProxyAgent, fetch as undiciFetch } from "undici";
import HostProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
import { createFetch } from "../../src/host/http.ts";
import type { Fetch } from "../../src/net/fetch.ts";
import { createClient } from "../../src/runcomfy/client.ts";
import { defaultHttp } from "../support/engine/http.ts";
import { type Ca, makeCa } from "../support/servers/ca.ts";
import { type Front, startFront } from "../support/servers/front.ts";
import { freePorts } from "../support/servers/program.ts";
import { type ForwardProxy, startProxy } from "../support/servers/proxy.ts";
import { type Service, startService } from "../support/service/service.ts";

// What a submit says when a real proxy or a real certificate stands in the way, and that the service never saw it.

let folder: string;
let ca: Ca;
let service: Service;
let front: Front;
let open: ForwardProxy;
let closed: ForwardProxy;
/** Ports of the service's name: a certificate in order, one of a stranger, one out of date, one of another host, nobody. */
let doors: { good: number; foreign: number; expired: number; mismatch: number; nobody: number };
const agents: Pick<ProxyAgent, "close">[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-failures-"));
  ca = await makeCa(join(folder, "ca"));
  const stranger = await makeCa(join(folder, "stranger"));
  const [good = 0, foreign = 0, expired = 0, mismatch = 0, nobody = 0] = await freePorts(5);
  doors = { good, foreign, expired, mismatch, nobody };
  service = await startService();
  const certificates = new Map([
    [good, await ca.issue()],
    [foreign, await stranger.issue()],
    [expired, await ca.issue({ expired: true })],
    [mismatch, await ca.issue({ names: ["elsewhere.test"] })],
  ]);
  front = await startFront(service.url, certificates);
  open = await startProxy();
  closed = await startProxy({ auth: true });
});

after(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await front?.close();
  await service?.close();
  await open?.close();
  await closed?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A fetch through a proxy, as VS Code's own is one; it trusts the test's authority. */
async function through(uri: string): Promise<Fetch> {
  const agent = new ProxyAgent({ uri, requestTls: { ca: await readFile(ca.file, "utf8") } });
  agents.push(agent);
  return async (input, init) => {
    const { headers, method, body, signal } = new Request(input, init);
    const answer = await undiciFetch(String(input), {
      method,
      headers: Object.fromEntries(headers),
      ...(body && { body: await new Response(body).text() }),
      signal,
      redirect: "manual",
      dispatcher: agent,
    });
    return new Response(await answer.text(), { status: answer.status });
  };
}

/** VS Code's own way through a proxy: the request as it is, with another dispatcher. */
async function asVsCode(uri: string): Promise<Fetch> {
  const agent = new HostProxyAgent({ uri, requestTls: { ca: await readFile(ca.file, "utf8") } });
  agents.push(agent);
  return (input, init) => globalThis.fetch(input, { ...init, dispatcher: agent });
}

async function submit(fetch: Fetch, base: string, body: Record<string, string> = {}) {
  const client = createClient({ base, fetch, token: async () => service.token });
  const posts = service.ledger.exchanges.length;
  const submission = await client.submit(body);
  return { submission, arrived: service.ledger.exchanges.length - posts };
}

const origin = (port: number, host = "origin.test") => `https://${host}:${port}`;

describe("through a proxy", () => {
  const unreachable = (proxy: string, reason: string, host = `origin.test:${doors.good}`) => ({
    submission: { outcome: "notSent", problem: { code: "unreachable", host, reason, proxy } },
    arrived: 0,
  });

  it("a request arrives", async () => {
    const { submission, arrived } = await submit(await through(closed.signedInUrl), origin(doors.good));
    assert.equal(submission.outcome, "accepted");
    assert.equal(arrived, 1);
  });

  it("without a sign-in nothing is sent", async () => {
    assert.deepEqual(await submit(await through(closed.url), origin(doors.good)), unreachable("signIn", "407"));
    const wrong = closed.signedInUrl.replace(closed.password, "wrong");
    assert.deepEqual(await submit(await through(wrong), origin(doors.good)), unreachable("signIn", "407"));
  });

  it("what the proxy cannot reach was not sent", async () => {
    const fetch = await through(open.url);
    const nobody = `origin.test:${doors.nobody}`;
    assert.deepEqual(await submit(fetch, origin(doors.nobody)), unreachable("refused", "503", nobody));
    const unknown = `unknown.test:${doors.good}`;
    assert.deepEqual(await submit(fetch, origin(doors.good, "unknown.test")), unreachable("refused", "500", unknown));
  });

  it("a proxy that is not there is told from a service that is not there", async () => {
    const nobody = await through(`http://127.0.0.1:${doors.nobody}`);
    assert.deepEqual(await submit(nobody, origin(doors.good)), unreachable("unreachable", "ECONNREFUSED"));
    const unknown = await through("http://proxy.invalid:3128");
    const { submission } = await submit(unknown, origin(doors.good));
    assert.ok(submission.outcome === "notSent" && submission.problem.code === "unreachable");
    assert.equal(submission.problem.proxy, "unreachable");
    const direct = await submit(globalThis.fetch, origin(doors.nobody, "127.0.0.1"));
    assert.ok(direct.submission.outcome === "notSent" && direct.submission.problem.code === "unreachable");
    assert.equal(direct.submission.problem.proxy, undefined);
  });

  it("a wrong certificate behind it is refused, and nothing was sent", async () => {
    const fetch = await through(open.url);
    for (const [port, reason] of [
      [doors.foreign, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
      [doors.expired, "CERT_HAS_EXPIRED"],
      [doors.mismatch, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ] as const) {
      assert.deepEqual(await submit(fetch, origin(port)), {
        submission: { outcome: "refused", problem: { code: "certificate", host: `origin.test:${port}`, reason } },
        arrived: 0,
      });
    }
  });
});

const lenient = createFetch(() => ({ ...defaultHttp, strictCertificates: false }));
const strict = createFetch(() => defaultHttp);

describe("a paid request arrives once and whole, whatever stands in between", () => {
  const ways: readonly [string, () => Promise<{ fetch: Fetch; base: string }>][] = [
    ["nothing", async () => ({ fetch: strict, base: service.url })],
    ["squid and nginx", async () => ({ fetch: await asVsCode(open.url), base: origin(doors.good) })],
    ["squid with a sign-in", async () => ({ fetch: await asVsCode(closed.signedInUrl), base: origin(doors.good) })],
    ["nginx, with any certificate", async () => ({ fetch: lenient, base: origin(doors.foreign, "127.0.0.1") })],
  ];
  for (const [name, way] of ways) {
    it(name, async () => {
      const { fetch, base } = await way();
      // Larger than any buffer on the way.
      const picture = `data:image/png;base64,${"A".repeat(4_000_000)}`;
      const body = { "110_image": picture, "99_text": "über" };
      const { submission, arrived } = await submit(fetch, base, body);
      assert.equal(submission.outcome, "accepted", JSON.stringify(submission));
      assert.equal(arrived, 1);
      assert.equal(
        service.requests().at(-1)?.bodySha256,
        createHash("sha256").update(JSON.stringify(body)).digest("hex"),
      );
      for (const status of [401, 407, 408, 421, 425, 429, 503]) {
        service.setFaults([{ on: "submit", do: { respond: { status, empty: true } } }]);
        const answer = await submit(fetch, base);
        assert.equal(answer.arrived, 1, String(status));
        assert.notEqual(answer.submission.outcome, "notSent");
      }
      service.setFaults([]);
    });
  }
});

describe("without strict certificates", () => {
  it("a stranger's certificate is taken, and only then", async () => {
    const address = origin(doors.foreign, "127.0.0.1");
    assert.equal((await submit(strict, address)).arrived, 0);
    const { submission, arrived } = await submit(lenient, address);
    assert.equal(submission.outcome, "accepted");
    assert.equal(arrived, 1);
  });

  it("an answer comes with its status, headers and whole body, and a deadline holds", async () => {
    const address = `${origin(doors.foreign, "127.0.0.1")}/v1/models?limit=1`;
    const answer = await lenient(address, { headers: { authorization: `Bearer ${service.token}` } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /json/);
    assert.ok("models" in ((await answer.json()) as object));
    await assert.rejects(lenient(address, { signal: AbortSignal.abort(new Error("late")) }));
  });
});
