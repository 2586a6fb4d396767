// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Agent from "undici/lib/dispatcher/agent.js";
import { addressOf, locate, newName, originOf, storedObjectSchema } from "../../../src/hosting/storedObject.ts";
import { strategies } from "../../../src/hosting/strategies.ts";
import { hostingKinds } from "../../../src/shared/model/hosting.ts";
import { uploadKinds } from "../../../src/shared/model/uploadKinds.ts";
import { restricted, settings } from "../../support/manifest.ts";

const aws = {
  endpoint: "",
  region: "eu-central-1",
  bucket: "pictures",
  prefix: "wan/",
  pathStyle: false,
  publicBaseUrl: "",
};
const put = { url: "https://files.example/wan/${name}", publicUrl: "", headers: {} };
const s3Takes = (change: object) => strategies.s3.settings.safeParse({ ...aws, ...change }).success;
const putTakes = (change: object) => strategies.put.settings.safeParse({ ...put, ...change }).success;

/** Addresses that images may be sent to, and those that they may not. */
const safe = ["https://s3.example", "https://s3.example:8443/base", "http://127.0.0.1:9000", "http://localhost:8081/x"];
const unsafe = [
  "http://s3.example",
  "ftp://s3.example",
  "https://u:p@s3.example",
  "s3.example",
  "http://127.0.0.1.evil",
];

describe("settings of image storage", () => {
  it("take https addresses, and http on this machine alone; the manifest says the same", () => {
    const takes = (key: string, value: string) => new RegExp(settings[`wanFlf2v.${key}`]?.pattern ?? "").test(value);
    for (const [addresses, wanted] of [
      [safe, true],
      [unsafe, false],
    ] as const) {
      for (const address of addresses) {
        assert.equal(s3Takes({ endpoint: address }), wanted, address);
        assert.equal(s3Takes({ publicBaseUrl: address }), wanted, address);
        assert.equal(putTakes({ url: `${address}/\${name}` }), wanted, address);
        assert.equal(putTakes({ publicUrl: `${address}/\${name}?sig=1` }), wanted, address);
        assert.equal(takes("s3.endpoint", address), wanted, address);
        assert.equal(takes("put.url", `${address}/\${name}?sig=1`), wanted, address);
      }
    }
  });

  it("refuse what would lose or give away images", () => {
    assert.ok(s3Takes({}) && putTakes({}));
    assert.ok(!s3Takes({ bucket: "" }) && !putTakes({ url: "" }), "empty");
    assert.ok(!putTakes({ url: "https://files.example/fixed.png" }), "one name for all");
    assert.ok(!putTakes({ url: "https://files.example/?file=${name}" }), "a name in the query");
    assert.ok(!s3Takes({ endpoint: "https://s3.example?x=1" }));
    for (const prefix of ["/wan", "wan//x", "../wan", "wan/../x", "wän/", "a b"]) {
      assert.ok(!s3Takes({ prefix }), prefix);
    }
    for (const name of ["Authorization", "cookie", "Host", "Content-Length", "bad name"]) {
      assert.ok(!putTakes({ headers: { [name]: "x" } }), name);
    }
    assert.ok(!putTakes({ headers: { "x-y": "a\r\nauthorization: b" } }), "a header in a header");
    assert.ok(putTakes({ headers: { "x-ms-blob-type": "BlockBlob" } }));
  });

  it("refuse the ports that fetch refuses, and no others", async () => {
    const dispatcher = new Agent({ connect: (_, done) => done(new Error("reached"), null) });
    const isRefused = (port: number) =>
      fetch(`http://127.0.0.1:${port}/`, { dispatcher }).then(
        () => assert.fail(),
        (error: unknown) =>
          error instanceof Error && error.cause instanceof Error && error.cause.message === "bad port",
      );
    for (let port = 1; port <= 11_000; port += 1) {
      assert.equal(s3Takes({ endpoint: `http://127.0.0.1:${port}` }), !(await isRefused(port)), String(port));
    }
  });

  it("are those of the manifest, for every strategy", () => {
    assert.deepEqual(settings["wanFlf2v.imageHosting"]?.enum, ["auto", ...hostingKinds]);
    for (const kind of uploadKinds) {
      const prefix = `wanFlf2v.${kind}.`;
      const named = Object.keys(settings).filter((key) => key.startsWith(prefix));
      const needed = strategies[kind].settings
        .safeParse({})
        .error?.issues.map(({ path }) => `${prefix}${path.join(".")}`);
      assert.deepEqual(named.sort(), needed?.sort());
      assert.ok(named.includes(`${prefix}${strategies[kind].addressSetting}`));
    }
  });

  it("are of this machine, and ignored from a workspace that is not trusted", () => {
    const ofStorage = new RegExp(`^wanFlf2v\\.(${uploadKinds.join("|")})\\.|imageHosting|deleteUploads`);
    const own = Object.keys(settings).filter((key) => ofStorage.test(key));
    assert.ok(own.length > uploadKinds.length + 2);
    for (const key of own) {
      assert.equal(settings[key]?.scope, "machine", key);
      assert.ok(restricted.includes(key), key);
    }
  });
});

describe("stored objects", () => {
  it("have unguessable names", () => {
    const names = new Set(Array.from({ length: 100 }, newName));
    assert.equal(names.size, 100);
    for (const name of names) {
      assert.match(name, /^[0-9a-f]{32}\.png$/);
    }
  });

  it("are where the settings say, by host name or by path", () => {
    const at = (change: object) => addressOf(locate("s3", { ...aws, ...change }, "n.png"));
    assert.equal(at({}), "https://pictures.s3.eu-central-1.amazonaws.com/wan/n.png");
    assert.equal(at({ region: "cn-north-1" }), "https://pictures.s3.cn-north-1.amazonaws.com.cn/wan/n.png");
    assert.equal(at({ pathStyle: true, prefix: "" }), "https://s3.eu-central-1.amazonaws.com/pictures/n.png");
    assert.equal(
      at({ endpoint: "https://minio.example:9000/s3/", pathStyle: true, prefix: "a/b" }),
      "https://minio.example:9000/s3/pictures/a/b/n.png",
    );
    assert.equal(originOf(locate("s3", aws, "n.png")), "https://s3.eu-central-1.amazonaws.com");
  });

  it("are by path wherever a bucket cannot be part of a host name, and always addresses", () => {
    const endpoints = [
      "https://s3.example",
      "http://localhost:8081",
      "http://127.0.0.1:9000",
      "http://[::1]:9000/base",
    ];
    const ips = ["https://192.0.2.7", "https://[2001:db8::1]:8443", "https://2130706433", "https://0x7f.1"];
    const named = ["pictures", "pic-tures", "1pictures"];
    const unnamed = ["Pictures", "pic_tures", "pic..tures", "pic.-tures", "pictures-", "p".repeat(64)];
    for (const endpoint of [...endpoints, ...ips]) {
      for (const bucket of [...named, "pic.tures", ...unnamed]) {
        const address = new URL(addressOf(locate("s3", { ...aws, endpoint, bucket }, "n.png")));
        const { hostname, protocol } = new URL(endpoint);
        const isIp = ips.includes(endpoint) || /^(\[|127)/.test(hostname);
        const byHost = !isIp && (named.includes(bucket) || (bucket === "pic.tures" && protocol === "http:"));
        assert.equal(address.hostname, byHost ? `${bucket}.${hostname}` : hostname, `${endpoint} ${bucket}`);
        assert.equal(address.pathname.includes(`/${bucket}/`), !byHost, `${endpoint} ${bucket}`);
      }
    }
  });

  it("are in journals as they always were", () => {
    for (const object of [
      {
        kind: "s3",
        endpoint: "https://s3.example",
        region: "us-east-1",
        bucket: "pictures",
        pathStyle: false,
        key: "wan/n.png",
      },
      { kind: "put", url: "https://files.example/wan/n.png", name: "n.png" },
    ]) {
      assert.deepEqual(storedObjectSchema.parse(object), object);
      assert.ok(!storedObjectSchema.safeParse({ ...object, kind: "moon" }).success);
    }
    assert.ok(!storedObjectSchema.safeParse({ kind: "s3", url: "https://files.example/n.png", name: "n.png" }).success);
  });

  it("never keep a signature", () => {
    const url = "https://files.example/wan/${name}?sig=SECRET&se=1";
    assert.doesNotMatch(JSON.stringify(locate("put", { ...put, url }, "n.png")), /SECRET/);
  });
});

describe("credentials", () => {
  for (const kind of uploadKinds) {
    it(`of ${kind} are what its ways of signing in ask for`, () => {
      const signIns = strategies[kind].signIns();
      assert.ok(signIns.length > 0);
      assert.equal(new Set(signIns.map(({ label }) => label)).size, signIns.length);
      for (const { fixed, fields } of signIns) {
        const entered = { ...fixed, ...Object.fromEntries(fields.map(({ name }) => [name, "text"])) };
        assert.deepEqual(strategies[kind].credentials.parse(entered), entered);
        assert.ok(fields.some(({ isSecret }) => isSecret));
      }
    });
  }
});
