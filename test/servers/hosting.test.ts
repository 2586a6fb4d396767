// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AwsV4Signer } from "aws4fetch";
import Agent from "undici/lib/dispatcher/agent.js";
import type { PutSettings } from "../../src/hosting/put.ts";
import type { S3Settings } from "../../src/hosting/s3.ts";
import { newName } from "../../src/hosting/storedObject.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { Fetch } from "../../src/net/fetch.ts";
import type { UploadKind } from "../../src/shared/model/hosting.ts";
import { problemText } from "../faults/sentences.ts";
import type { TestUploads } from "../support/engine/engine.ts";
import { problemOf } from "../support/problems.ts";
import { makeCa } from "../support/servers/ca.ts";
import { type Dav, startDav } from "../support/servers/dav.ts";
import { startNginx } from "../support/servers/nginx.ts";
import { freePorts, serverFolder } from "../support/servers/program.ts";
import { type S3, startS3 } from "../support/servers/s3.ts";
import { type Service, startService } from "../support/service/service.ts";
import { anonymously, closed, makeWorld, storage } from "./hostingWorld.ts";

// Uploaded images on servers that nobody here wrote: Ceph's S3, which verifies signatures, and nginx.

const hour = 3_600_000;
const picture = Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1");
let folder: string;
let s3: S3;
let dav: Dav;
let service: Service;
let agent: Agent;
/** Trusts the private CA, and finds the names of the test on this machine. */
let trusting: Fetch;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-hosting-"));
  const ca = await makeCa(join(folder, "ca"));
  const tls = await ca.issue();
  [s3, dav, service] = await Promise.all([
    startS3({ tls }),
    startDav({ tls }),
    startService({ timing: { queueMs: 0, runMs: 0 } }),
  ]);
  agent = new Agent({
    connect: {
      ca: await readFile(ca.file, "utf8"),
      lookup: (_, { all }, found) =>
        all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4),
    },
  });
  const dispatcher = agent;
  trusting = (input, init) => globalThis.fetch(input, { ...init, dispatcher });
  for (const bucket of ["private", "open"]) {
    assert.equal((await byOwner("PUT", `/${bucket}`)).status, 200);
  }
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open/*" }],
  };
  assert.equal((await byOwner("PUT", "/open?policy", JSON.stringify(policy))).status, 204);
});

after(async () => {
  await Promise.all([s3?.close(), dav?.close(), service?.close(), agent?.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** What the owner of the storage does without the product. */
async function byOwner(method: string, path: string, body?: string): Promise<Response> {
  const { accessKeyId, secretAccessKey, url } = s3;
  const key = { accessKeyId, secretAccessKey, service: "s3", region: "us-east-1" };
  const signed = await new AwsV4Signer({ ...key, method, url: `${url}${path}`, ...(body && { body }) }).sign();
  return fetch(signed.url, { method, headers: signed.headers, ...(body && { body }) });
}

async function objectsIn(bucket: string): Promise<string[]> {
  const list = await (await byOwner("GET", `/${bucket}?list-type=2`)).text();
  return [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1] ?? "");
}

const filesOf = (server: Dav) =>
  readdir(server.files, { recursive: true }).then((names) => names.filter((name) => /png$/.test(name)));

function s3Settings(change: Partial<S3Settings> = {}): S3Settings {
  const usual = { region: "us-east-1", bucket: "private", prefix: "wan/", pathStyle: true, publicBaseUrl: "" };
  return { endpoint: s3.url, ...usual, ...change };
}

const putSettings = (change: Partial<PutSettings> = {}): PutSettings => ({
  url: `${dav.url}/wan/\${name}`,
  publicUrl: "",
  headers: {},
  ...change,
});

const owner = (): NonNullable<TestUploads["credentials"]> => ({
  s3: async () => ({ accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey }),
  put: async () => ({ kind: "basic", user: dav.user, password: dav.password }),
});

describe("S3-compatible storage", () => {
  for (const style of ["path", "host"] as const) {
    it(`takes an image, shows it to who has the signed address, and deletes it: bucket in the ${style}`, async () => {
      const own = style === "path" ? {} : { pathStyle: false, endpoint: `https://s3.test:${s3.tlsPort}` };
      const store = storage({ uploads: { s3: s3Settings(own), credentials: owner() }, fetch: trusting });
      const object = await store.locate("s3", newName());
      await store.upload(object, picture);
      const address = await store.address(object);
      const read = await anonymously(address, trusting);
      assert.deepEqual(read, { status: 200, type: "image/png", bytes: picture });
      assert.equal((await anonymously(address.replace(/\?.*/, ""), trusting)).status, 403);
      await store.upload(object, picture);
      await store.remove(object);
      assert.equal((await anonymously(address, trusting)).status, 404);
      await store.remove(object);
      assert.deepEqual(await objectsIn("private"), []);
    });
  }

  it("takes an image at an IP address by path, whatever the settings say of the style", async () => {
    const store = storage({ uploads: { s3: s3Settings({ pathStyle: false }), credentials: owner() } });
    const object = await store.locate("s3", newName());
    await store.upload(object, picture);
    assert.deepEqual((await anonymously(await store.address(object))).bytes, picture);
    await store.remove(object);
    assert.deepEqual(await objectsIn("private"), []);
  });

  for (const [what, location] of [
    ["the host", "location / { proxy_pass $STORAGE; proxy_set_header host $proxy_host; }"],
    ["the path", "location /storage/ { proxy_pass $STORAGE/; proxy_set_header host $http_host; }"],
  ] as const) {
    it(`behind a proxy that changes ${what}, says that a proxy may have`, async () => {
      const [port = 0] = await freePorts(1);
      const block = `server { listen 127.0.0.1:${port}; ${location.replace("$STORAGE", s3.url)} }`;
      const proxy = await startNginx(await serverFolder("rewriting"), block, port);
      try {
        const endpoint = `http://127.0.0.1:${port}${what === "the path" ? "/storage" : ""}`;
        const store = storage({ uploads: { s3: s3Settings({ endpoint }), credentials: owner() } });
        const problem = await problemOf(store.upload(await store.locate("s3", newName()), picture));
        assert.ok(problem.code === "storageRefused", problem.code);
        assert.deepEqual([problem.reason, problem.serviceCode], ["credentials", "SignatureDoesNotMatch"]);
        const { message, actions } = problemText(problem);
        assert.match(message, /a proxy in front of the storage changes the host or path/);
        assert.ok(actions?.some(({ command }) => command === "wanFlf2v.testHosting"));
      } finally {
        await proxy.close();
      }
    });
  }

  it("lets nobody use a signed address for anything else, or after its two days", async () => {
    const uploads = { s3: s3Settings(), credentials: owner() };
    const store = storage({ uploads });
    const [object, other] = [await store.locate("s3", newName()), await store.locate("s3", newName())];
    await store.upload(object, picture);
    await store.upload(other, picture);
    const address = await store.address(object);
    assert.match(address, /X-Amz-Expires=172800/);
    const status = async (changed: string, method = "GET") => (await fetch(changed, { method })).status;
    const otherKey = new URL(await store.address(other)).pathname;
    const [url, signature] = [new URL(address), new URL(address).searchParams.get("X-Amz-Signature") ?? ""];
    const turned = signature.replace(/^./, (first) => (first === "0" ? "1" : "0"));
    assert.equal(await status(address.replace(signature, turned)), 403);
    assert.equal(await status(address.replace("Expires=172800", "Expires=172801")), 403);
    assert.equal(await status(address.replace(url.pathname, otherKey)), 403);
    assert.equal(await status(address, "DELETE"), 403);
    assert.equal(await status(await storage({ uploads, offset: -49 * hour }).address(object)), 403);
    assert.equal(await status(await storage({ uploads, offset: -47 * hour }).address(object)), 200);
    await store.remove(object);
    await store.remove(other);
  });

  it("gives the public address where the bucket has one, without a signature", async () => {
    const publicBaseUrl = `${s3.url}/open`;
    const store = storage({ uploads: { s3: s3Settings({ bucket: "open", publicBaseUrl }), credentials: owner() } });
    const object = await store.locate("s3", newName());
    await store.upload(object, picture);
    const address = await store.address(object);
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/open\/wan\/[0-9a-f]{32}\.png$/);
    assert.deepEqual((await anonymously(address)).bytes, picture);
    await store.remove(object);
    // Whoever may not list the bucket is not told that there is no such object.
    assert.equal((await anonymously(address)).status, 403);
  });

  for (const [name, change, key, offset, reason, serviceCode] of [
    ["a wrong secret", {}, { secretAccessKey: "wrong" }, 0, "credentials", "SignatureDoesNotMatch"],
    ["an unknown key", {}, { accessKeyId: "NOBODY" }, 0, "credentials", "InvalidAccessKeyId"],
    ["a bucket that is not there", { bucket: "nowhere" }, {}, 0, "place", "NoSuchBucket"],
    ["a clock that is wrong", {}, {}, -hour, "clock", "RequestTimeTooSkewed"],
  ] as const) {
    it(`says what is wrong: ${name}`, async () => {
      const { accessKeyId, secretAccessKey } = s3;
      const credentials = { s3: async () => ({ accessKeyId, secretAccessKey, ...key }) };
      const store = storage({ uploads: { s3: s3Settings(change), credentials }, offset });
      const problem = await problemOf(store.upload(await store.locate("s3", newName()), picture));
      assert.ok(problem.code === "storageRefused", problem.code);
      assert.deepEqual([problem.reason, problem.serviceCode], [reason, serviceCode]);
      assert.doesNotMatch(JSON.stringify(problem), /testing|wrong|Signature=/);
    });
  }

  it("says what is wrong: no credentials, a certificate that is not trusted, nobody there", async () => {
    const nobody = storage({ uploads: { s3: s3Settings() } });
    assert.equal((await problemOf(nobody.locate("s3", newName()))).code, "credentialsMissing");
    const endpoint = `https://127.0.0.1:${s3.tlsPort}`;
    const foreign = storage({ uploads: { s3: s3Settings({ endpoint }), credentials: owner() } });
    assert.equal((await problemOf(foreign.upload(await foreign.locate("s3", newName()), picture))).code, "certificate");
    const gone = storage({ uploads: { s3: s3Settings({ endpoint: await closed() }), credentials: owner() } });
    const problem = await problemOf(gone.upload(await gone.locate("s3", newName()), picture));
    assert.equal(problem.code, "storageUnreachable");
  });
});

describe("a server that takes files by PUT", () => {
  it("takes an image with the password, shows it to everybody, and deletes it", async () => {
    const url = `https://origin.test:${dav.tlsPort}/wan/\${name}`;
    const store = storage({ uploads: { put: putSettings({ url }), credentials: owner() }, fetch: trusting });
    const object = await store.locate("put", newName());
    await store.upload(object, picture);
    const address = await store.address(object);
    assert.deepEqual(await anonymously(address, trusting), { status: 200, type: "image/png", bytes: picture });
    await store.remove(object);
    await store.remove(object);
    assert.equal((await anonymously(address, trusting)).status, 404);
    assert.deepEqual(await filesOf(dav), []);
  });

  it("refuses a wrong password and none, and that is said", async () => {
    const wrong = { put: async () => ({ kind: "basic", user: dav.user, password: "wrong" }) as const };
    for (const credentials of [wrong, {}]) {
      const store = storage({ uploads: { put: putSettings(), credentials } });
      const problem = await problemOf(store.upload(await store.locate("put", newName()), picture));
      assert.deepEqual(problem, {
        code: "storageRefused",
        host: new URL(dav.url).host,
        status: 401,
        reason: "credentials",
      });
    }
  });

  it("gets the query and headers of its settings with each request, but its public address is another one", async () => {
    const put = putSettings({
      url: `${dav.url}/wan/\${name}?sig=SECRET`,
      publicUrl: "https://cdn.example/${name}?read=1",
      headers: { "x-kind": "BlockBlob" },
    });
    const store = storage({ uploads: { put, credentials: owner() } });
    const name = newName();
    const object = await store.locate("put", name);
    await store.upload(object, picture);
    assert.equal(await store.address(object), `https://cdn.example/${name}?read=1`);
    await store.remove(object);
    const log = (await dav.accessLog()).filter((line) => line.includes(name));
    assert.deepEqual(
      log.map((line) => /"(\w+) \S+\?sig=SECRET /.exec(line)?.[1]),
      ["PUT", "DELETE"],
    );
  });
});

describe("a job whose images are uploaded", () => {
  for (const kind of ["s3", "put"] as const) {
    it(`is made, paid once and leaves nothing behind: ${kind}`, async () => {
      service.reset();
      await using world = await makeWorld(join(folder, `job-${kind}`), service, {
        s3: s3Settings(),
        put: putSettings(),
        credentials: owner(),
      });
      const job: Job = await world.reaches(await world.submit(kind), "saved", "failed");
      assert.equal(job.progress.state, "saved", JSON.stringify(job.progress));
      await world.settled();
      const [request, ...more] = service.requests();
      assert.equal(more.length, 0);
      assert.equal(request?.charged, true);
      const received = service.uploads(request.requestId);
      const copies = await readdir(join(folder, `job-${kind}`, "storage", "images", job.id));
      assert.deepEqual(copies.sort(), ["end.png", "start.png"]);
      for (const side of ["start", "end"] as const) {
        const copy = await readFile(join(folder, `job-${kind}`, "storage", "images", job.id, `${side}.png`));
        assert.ok(received?.[side].equals(copy), side);
      }
      assert.deepEqual([await objectsIn("private"), await filesOf(dav)], [[], []]);
      assert.doesNotMatch(await world.written(), /X-Amz|Signature|testing|alice|secret|\/wan\/[0-9a-f]{32}\.png\?/i);
    });
  }

  it("that is refused by the storage is not sent, and says so", async () => {
    service.reset();
    const credentials = { put: async () => ({ kind: "bearer", token: "wrong" }) as const };
    await using world = await makeWorld(join(folder, "refused"), service, { put: putSettings(), credentials });
    const { progress } = await world.reaches(await world.submit("put"), "failed", "saved");
    assert.ok(progress.state === "failed" && progress.problem.code === "storageRefused", JSON.stringify(progress));
    await world.settled();
    assert.equal(service.requests().length, 0);
    assert.deepEqual(world.jobs.uploads.leftovers(), []);
  });

  it("leaves its images listed when the server is down at the end, until they are forgotten", async () => {
    service.reset();
    service.changeSettings({ timing: { queueMs: 0, runMs: null } });
    await using away = await startDav();
    const uploads = { put: putSettings({ url: `${away.url}/wan/\${name}` }), credentials: owner() };
    await using world = await makeWorld(join(folder, "left"), service, uploads);
    const id = await world.submit("put");
    await world.reaches(id, "running");
    assert.equal((await filesOf(away)).length, 2);
    await away.close();
    await service.advance("completed");
    await world.reaches(id, "saved");
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => world.jobs.uploads.leftovers().length === 2 && resolve();
    const stop = world.jobs.onDidChange(look);
    look();
    await promise;
    stop();
    const left = world.jobs.uploads.leftovers();
    assert.deepEqual(
      left.map(({ facts }) => facts.problem?.code),
      ["storageUnreachable", "storageUnreachable"],
    );
    for (const upload of left) {
      world.jobs.uploads.forget(upload.id);
    }
    assert.deepEqual(world.jobs.uploads.leftovers(), []);
    service.changeSettings({ timing: { queueMs: 0, runMs: 0 } });
  });
});

describe("the test of image hosting", () => {
  const all = ["prepare", "upload", "read", "compare", "delete", "gone"];

  it("goes through every step and leaves nothing behind", async () => {
    await using world = await makeWorld(join(folder, "test"), service, {
      s3: s3Settings(),
      put: putSettings(),
      credentials: owner(),
    });
    for (const kind of ["s3", "put"] as const) {
      const report = await world.jobs.uploads.test(kind);
      const { host } = new URL(kind === "s3" ? s3.url : dav.url);
      // RunComfy could not read it there, and that is told.
      assert.deepEqual(report, { done: all, unreachable: { host } });
    }
    await world.settled();
    assert.deepEqual([await objectsIn("private"), await filesOf(dav)], [[], []]);
  });

  it("names the step that does not work, and deletes the picture all the same", async () => {
    const failing = async (name: string, kind: UploadKind, uploads: TestUploads) => {
      await using world = await makeWorld(join(folder, name), service, { credentials: owner(), ...uploads });
      const { done, failure } = await world.jobs.uploads.test(kind);
      await world.settled();
      assert.deepEqual(world.jobs.uploads.leftovers(), [], "nothing lies there, so nothing is left");
      return { done, failure };
    };
    const { host } = new URL(dav.url);
    const wrong = { put: async () => ({ kind: "basic", user: "alice", password: "wrong" }) as const };
    const refused = await failing("t1", "put", { put: putSettings(), credentials: wrong });
    assert.equal(refused.failure?.step, "upload");
    const missing = await failing("t2", "s3", { s3: s3Settings(), credentials: {} });
    assert.equal(missing.failure?.step, "prepare");
    const elsewhere = putSettings({ publicUrl: `${dav.url}/elsewhere/\${name}` });
    assert.deepEqual(await failing("t3", "put", { put: elsewhere }), {
      done: ["prepare", "upload"],
      failure: { step: "read", host, reason: "HTTP 404" },
    });
    const page = putSettings({ publicUrl: `${dav.url}/who/\${name}/is` });
    assert.deepEqual(await failing("t4", "put", { put: page }), {
      done: ["prepare", "upload", "read"],
      failure: { step: "compare", host, type: "text/plain" },
    });
    const unreadable = s3Settings({ publicBaseUrl: `${s3.url}/private` });
    assert.deepEqual((await failing("t5", "s3", { s3: unreadable })).failure, {
      step: "read",
      host: new URL(s3.url).host,
      reason: "HTTP 403",
    });
    assert.deepEqual([await objectsIn("private"), await filesOf(dav)], [[], []]);
  });

  it("waits for no server that is not there", async () => {
    const put = putSettings({ url: `${await closed()}/\${name}` });
    await using world = await makeWorld(join(folder, "t6"), service, { put });
    const report = await world.jobs.uploads.test("put");
    assert.equal(report.failure?.step, "upload");
    assert.ok(world.jobs.uploads.isSettled());
  });
});
