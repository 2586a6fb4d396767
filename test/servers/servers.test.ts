import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Agent, ProxyAgent, request } from "undici";
import { type Ca, type Certificate, makeCa } from "../support/servers/ca.ts";
import { startDav } from "../support/servers/dav.ts";
import { startProxy } from "../support/servers/proxy.ts";
import { startS3 } from "../support/servers/s3.ts";

// The servers that other tests rely on start, do their one thing and end.

let folder: string;
let ca: Ca;
let certificate: Certificate;
let trusting: Agent;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-ca-"));
  ca = await makeCa(folder);
  certificate = await ca.issue();
  trusting = new Agent({ connect: { ca: await readFile(ca.file, "utf8") } });
});

after(async () => {
  await trusting?.close();
  await rm(folder, { recursive: true, force: true });
});

test("S3 refuses what nobody signed, over http and, with the private CA, over https", async () => {
  await using s3 = await startS3({ tls: certificate });
  assert.equal((await request(`${s3.url}/`, { method: "PUT" })).statusCode, 405);
  const secure = `https://127.0.0.1:${s3.tlsPort}/bucket?AWSAccessKeyId=nobody&Expires=9999999999&Signature=none`;
  const answer = await request(secure, { method: "PUT", dispatcher: trusting });
  assert.equal(answer.statusCode, 403);
  assert.match(await answer.body.text(), /InvalidAccessKeyId/);
  await assert.rejects(request(secure), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  assert.match((await s3.accessLog()).join("\n"), /"PUT \/bucket\?\S+ HTTP\/1\.1" 403/);
});

test("a file is put with the password, read without, and gone when deleted", async () => {
  await using dav = await startDav({ tls: certificate });
  const address = `${dav.url}/new/picture.png`;
  const authorization = `Basic ${Buffer.from(`${dav.user}:${dav.password}`).toString("base64")}`;
  assert.equal((await request(address, { method: "PUT", body: "bytes" })).statusCode, 401);
  assert.equal((await request(address, { method: "PUT", body: "bytes", headers: { authorization } })).statusCode, 201);
  assert.equal(await readFile(join(dav.files, "new", "picture.png"), "utf8"), "bytes");
  const secure = `https://127.0.0.1:${dav.tlsPort}/new/picture.png`;
  assert.equal(await (await request(secure, { dispatcher: trusting })).body.text(), "bytes");
  assert.equal((await request(address, { method: "DELETE", headers: { authorization } })).statusCode, 204);
  assert.equal((await request(address)).statusCode, 404);
  assert.equal((await dav.accessLog()).length, 5);
});

test("an expired certificate and one for another host are refused as such", async () => {
  const wrong: [Certificate, string][] = [
    [await ca.issue({ expired: true }), "CERT_HAS_EXPIRED"],
    [await ca.issue({ names: ["elsewhere.test"] }), "ERR_TLS_CERT_ALTNAME_INVALID"],
  ];
  for (const [tls, code] of wrong) {
    await using dav = await startDav({ tls });
    await assert.rejects(request(`https://127.0.0.1:${dav.tlsPort}/who`, { dispatcher: trusting }), { code });
  }
});

test("the proxy forwards for who signs in, from its own address, and its log says for whom", async () => {
  await using dav = await startDav();
  await using proxy = await startProxy({ auth: true });
  const through = (uri: string, path: string) => {
    const dispatcher = new ProxyAgent(uri);
    return request(`http://origin.test:${new URL(dav.url).port}${path}`, { dispatcher });
  };
  assert.equal(await (await through(proxy.signedInUrl, "/who")).body.text(), "127.0.0.2");
  await assert.rejects(through(proxy.url, "/who"), /407/);
  const line = await proxy.logged("the refusal", ({ result }) => result === "TCP_DENIED/407");
  assert.equal(line.method, "CONNECT");
  assert.equal(line.user, "-");
});
