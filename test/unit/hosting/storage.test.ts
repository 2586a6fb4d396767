// biome-ignore-all lint/suspicious/noTemplateCurlyInString: addresses of the settings are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FindCredentials } from "../../../src/hosting/credentials.ts";
import type { PutSettings } from "../../../src/hosting/put.ts";
import type { S3Settings } from "../../../src/hosting/s3.ts";
import { createStorage, neverArrived } from "../../../src/hosting/storage.ts";
import type { StoredObject } from "../../../src/hosting/storedObject.ts";
import { problemText } from "../../faults/sentences.ts";
import { problemOf, refusalOf } from "../../support/problems.ts";
import { type Received, serve } from "../runcomfy/server.ts";

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
const ownCredentials: FindCredentials = async (kind) => (kind === "s3" ? key : undefined);

function storage(change: {
  readonly s3?: Partial<S3Settings>;
  readonly put?: Partial<PutSettings>;
  readonly credentials?: FindCredentials;
  readonly now?: () => number;
}) {
  return createStorage({
    settings: (kind) => (kind === "s3" ? { ...s3, ...change.s3 } : { ...put, ...change.put }),
    credentials: change.credentials ?? ownCredentials,
    fetch: async () => assert.fail("nothing is to be sent"),
    now: change.now ?? Date.now,
  });
}

const at = (change: Partial<Extract<StoredObject, { kind: "s3" }>>): StoredObject => ({
  kind: "s3",
  endpoint: "http://127.0.0.1:9000",
  region: "us-east-1",
  bucket: "pictures",
  pathStyle: true,
  key: "n.png",
  ...change,
});
const png = new Uint8Array(1);

/** An answer by status, with a text. */
type Said = readonly [status: number, text?: string];
const signIn = "\n<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>";
const notFound = "<html>\r\n<head><title>404 Not Found</title></head><body><center>nginx</center></body></html>";
const gateway = "default backend - 404";
const xml = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>';

/** A server that answers as told, and storage of both kinds on it. */
async function told(answers: (request: Received) => Said) {
  const server = await serve((response, request) => {
    const [status, text] = answers(request);
    // Some call everything a page.
    response.writeHead(status, { "content-type": "text/html" }).end(text);
  });
  const store = createStorage({
    settings: (kind) => (kind === "s3" ? s3 : put),
    credentials: ownCredentials,
    fetch: globalThis.fetch,
    now: Date.now,
  });
  const objects: readonly StoredObject[] = [
    at({ endpoint: server.origin }),
    { kind: "put", url: `${server.origin}/n.png`, name: "n.png" },
  ];
  return {
    store,
    objects,
    methods: () => server.received.map(({ method }) => method).join(" "),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("a page is nobody's word", () => {
  for (const said of [
    [200, signIn],
    [202, signIn],
    [200, `<?xml version="1.0"?>${signIn}`],
    // Neither is what anybody else in the storage's place says.
    [200, "OK"],
    [200, '{"error":"login_required"}'],
    [200, "<script>location.href='/login'</script>"],
    [200, '<meta http-equiv="refresh" content="0;url=/login">'],
    [200, "<title>Sign in</title><form></form>"],
    [207, '<?xml version="1.0"?><multistatus/>'],
  ] as const) {
    it(`of an upload: ${said.join(" ").replaceAll("\n", "")}`, async () => {
      await using world = await told(() => said);
      for (const object of world.objects) {
        const error = await refusalOf(world.store.upload(object, png));
        assert.equal(error.problem.code, "storageUnreachable");
        assert.equal(neverArrived(error), false, "it may lie there, and is deleted later");
      }
    });
  }

  for (const said of [[200, ""], [200, xml], [201, signIn], [204]] as const) {
    it(`but a server's own answer counts: ${said.join(" ").replaceAll("\n", "")}`, async () => {
      await using world = await told(() => said);
      for (const object of world.objects) {
        await world.store.upload(object, png);
        await world.store.remove(object);
      }
    });
  }

  for (const said of [
    [200, signIn],
    [200, "OK"],
    [200, '{"error":"login_required"}'],
    [404, notFound],
    [410, signIn],
    [404, gateway],
  ] as const) {
    it(`of a removal: ${said.join(" ").replaceAll(/[\r\n]/g, "")}`, async () => {
      await using world = await told(() => said);
      for (const object of world.objects) {
        assert.equal((await problemOf(world.store.remove(object))).code, "storageUnreachable");
      }
    });
  }

  for (const said of [[404], [410, ""], [404, xml], [404, '{"error":"NotFound"}']] as const) {
    it(`but what is not there is as good as deleted: ${said.join(" ")}`, async () => {
      await using world = await told(() => said);
      for (const object of world.objects) {
        await world.store.remove(object);
      }
      assert.equal(world.methods(), "DELETE DELETE");
    });
  }

  it("and who says so by a page is believed once it takes a file there and deletes it", async () => {
    let stands = false;
    await using world = await told(({ method }) => {
      const [was, is] = [stands, method === "PUT"];
      stands = is;
      return is ? [201, ""] : was ? [204] : [404, notFound];
    });
    for (const object of world.objects) {
      await world.store.remove(object);
      assert.equal(stands, false);
    }
    assert.equal(world.methods(), "DELETE PUT DELETE DELETE PUT DELETE");
  });
});

describe("a problem in words", () => {
  it("names the setting where it makes no address", async () => {
    const odd = storage({ s3: { endpoint: "http://" }, put: { url: "${name}" } });
    assert.deepEqual(await problemOf(odd.locate("s3", "n.png")), {
      code: "storageNotConfigured",
      setting: "wanFlf2v.s3.endpoint",
    });
    assert.deepEqual(await problemOf(odd.locate("put", "n.png")), {
      code: "storageNotConfigured",
      setting: "wanFlf2v.put.url",
    });
  });

  it("names the setting where fetch goes to no such port, also for what was placed before", async () => {
    for (const [object, setting] of [
      [at({ endpoint: "http://127.0.0.1:6000" }), "wanFlf2v.s3.endpoint"],
      [{ kind: "put", url: "http://127.0.0.1:10080/n.png", name: "n.png" }, "wanFlf2v.put.url"],
    ] as const) {
      for (const work of [storage({}).upload(object, png), storage({}).remove(object)]) {
        assert.deepEqual(await problemOf(work), { code: "storageNotConfigured", setting });
      }
    }
  });

  it("takes credentials that no header can carry for none", async () => {
    const credentials: FindCredentials = async (kind) =>
      kind === "s3" ? { ...key, accessKeyId: "key\r\nx-y: z" } : { kind: "bearer", token: "a\nb" };
    const missing = { code: "credentialsMissing", host: "127.0.0.1:9000" };
    const store = storage({ credentials });
    assert.deepEqual(await problemOf(store.locate("s3", "n.png")), missing);
    assert.deepEqual(await problemOf(store.upload(at({}), png)), missing);
    assert.deepEqual(await problemOf(store.address(at({}))), missing);
    const object = await store.locate("put", "n.png");
    assert.deepEqual(await problemOf(store.upload(object, png)), missing);
  });

  it("says that credentials cannot be read now, and waits", async () => {
    const locked = async () => Promise.reject(new Error("the keyring is locked"));
    const store = storage({ credentials: locked });
    for (const work of [
      store.locate("s3", "n.png"),
      store.upload(at({}), png),
      store.upload({ kind: "put", url: "http://127.0.0.1:9000/n.png", name: "n.png" }, png),
      store.remove(at({})),
    ]) {
      const error = await refusalOf(work);
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
      const problem = await problemOf(store.upload(at({}), png));
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
