// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Credentials } from "../../../src/hosting/credentials.ts";
import type { Place } from "../../../src/hosting/place.ts";
import type { PutSettings, S3Settings } from "../../../src/hosting/settings.ts";
import { createStorage, neverArrived } from "../../../src/hosting/storage.ts";
import { ProblemError } from "../../../src/model/problem.ts";
import { problemText } from "../../faults/sentences.ts";

// Whatever goes wrong with the user's storage is a problem in words, whichever layer it comes from.

const s3: S3Settings = {
  endpoint: "http://127.0.0.1:9000",
  region: "us-east-1",
  bucket: "pictures",
  prefix: "",
  pathStyle: false,
  publicBaseUrl: "",
};
const put: PutSettings = { url: "http://127.0.0.1:9000/${name}", publicUrl: "", headers: {} };
const key = { accessKeyId: "key", secretAccessKey: "secret" };

function storage(change: {
  readonly s3?: Partial<S3Settings>;
  readonly put?: Partial<PutSettings>;
  readonly credentials?: Partial<Credentials>;
  readonly now?: () => number;
}) {
  return createStorage({
    s3: () => ({ ...s3, ...change.s3 }),
    put: () => ({ ...put, ...change.put }),
    credentials: { s3: async () => key, put: async () => undefined, ...change.credentials },
    fetch: async () => assert.fail("nothing is to be sent"),
    now: change.now ?? Date.now,
  });
}

async function errorOf(work: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await work.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error;
}

const at = (change: Partial<Extract<Place, { kind: "s3" }>>): Place => ({
  kind: "s3",
  endpoint: "http://127.0.0.1:9000",
  region: "us-east-1",
  bucket: "pictures",
  pathStyle: true,
  key: "n.png",
  ...change,
});
const png = new Uint8Array(1);

describe("a problem in words", () => {
  it("names the setting where it makes no address", async () => {
    const odd = storage({ s3: { endpoint: "http://" }, put: { url: "${name}" } });
    assert.deepEqual((await errorOf(odd.place("s3", "n.png"))).problem, {
      code: "storageNotConfigured",
      setting: "wanFlf2v.s3.endpoint",
    });
    assert.deepEqual((await errorOf(odd.place("put", "n.png"))).problem, {
      code: "storageNotConfigured",
      setting: "wanFlf2v.put.url",
    });
  });

  it("names the setting where fetch goes to no such port, also for what was placed before", async () => {
    for (const [place, setting] of [
      [at({ endpoint: "http://127.0.0.1:6000" }), "wanFlf2v.s3.endpoint"],
      [{ kind: "put", url: "http://127.0.0.1:10080/n.png", name: "n.png" }, "wanFlf2v.put.url"],
    ] as const) {
      for (const work of [storage({}).upload(place, png), storage({}).remove(place)]) {
        assert.deepEqual((await errorOf(work)).problem, { code: "storageNotConfigured", setting });
      }
    }
  });

  it("takes credentials that no header can carry for none", async () => {
    const credentials: Partial<Credentials> = {
      s3: async () => ({ ...key, accessKeyId: "key\r\nx-y: z" }),
      put: async () => ({ kind: "bearer", token: "a\nb" }),
    };
    const missing = { code: "credentialsMissing", host: "127.0.0.1:9000" };
    const store = storage({ credentials });
    assert.deepEqual((await errorOf(store.place("s3", "n.png"))).problem, missing);
    assert.deepEqual((await errorOf(store.upload(at({}), png))).problem, missing);
    assert.deepEqual((await errorOf(store.address(at({})))).problem, missing);
    const place = await store.place("put", "n.png");
    assert.deepEqual((await errorOf(store.upload(place, png))).problem, missing);
  });

  it("says that credentials cannot be read now, and waits", async () => {
    const locked = async () => Promise.reject(new Error("the keyring is locked"));
    const store = storage({ credentials: { s3: locked, put: locked } });
    for (const work of [
      store.place("s3", "n.png"),
      store.upload(at({}), png),
      store.upload({ kind: "put", url: "http://127.0.0.1:9000/n.png", name: "n.png" }, png),
      store.remove(at({})),
    ]) {
      const error = await errorOf(work);
      const problem = { code: "storageUnreachable", host: "127.0.0.1:9000", reason: "secret storage", locked: true };
      assert.deepEqual(error.problem, problem);
      assert.ok(neverArrived(error));
    }
  });

  for (const [what, thrown] of [
    ["a TypeError", new TypeError("Invalid URL: http://secret")],
    ["what is no error", "secret"],
  ] as const) {
    it(`stands for ${what} that nobody foresaw, without its text`, async () => {
      const now = () => {
        throw thrown;
      };
      const store = storage({ now });
      const { problem } = await errorOf(store.upload(at({}), png));
      assert.ok(problem.code === "storageRefused" && problem.reason === "other");
      assert.doesNotMatch(JSON.stringify(problem), /secret/);
      assert.match(problemText(problem).message, /Nothing was sent to RunComfy/);
    });
  }

  it("of a signature names the proxy that may have changed the address, and offers the test", () => {
    const refused = { code: "storageRefused", host: "s3.example", status: 403, reason: "credentials" } as const;
    const signature = problemText({ ...refused, serviceCode: "SignatureDoesNotMatch" });
    assert.match(signature.message, /the secret key is wrong, or a proxy/);
    assert.deepEqual(
      signature.actions?.map(({ command }) => command),
      ["wanFlf2v.testHosting", "wanFlf2v.setHostingCredentials"],
    );
    for (const serviceCode of ["InvalidAccessKeyId", "AccessDenied"]) {
      assert.doesNotMatch(problemText({ ...refused, serviceCode }).message, /proxy/);
    }
  });
});
