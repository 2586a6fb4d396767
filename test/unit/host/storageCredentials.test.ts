import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { StorageCredentials } from "../../../src/host/storageCredentials.ts";
import { createStorage, neverArrived } from "../../../src/hosting/storage.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { problemText } from "../../faults/sentences.ts";
import { Secrets } from "./secrets.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-storage-credentials-"));
after(() => rm(folder, { recursive: true }));
const credentialsFile = join(folder, "credentials");
const configFile = join(folder, "config");
await writeFile(
  credentialsFile,
  "[default]\naws_access_key_id = FILE\naws_secret_access_key=file/secret+1=\n\n[work.eu]\naws_access_key_id = WORK\naws_secret_access_key = work # not this\naws_session_token = passing\n\n[half]\naws_access_key_id = HALF\n",
);
await writeFile(configFile, "[profile config-only]\naws_access_key_id = CONFIG\naws_secret_access_key = config\n");

const files = { AWS_SHARED_CREDENTIALS_FILE: credentialsFile, AWS_CONFIG_FILE: configFile };
const origin = "https://s3.example";
const entered = { accessKeyId: "ENTERED", secretAccessKey: "entered" };
const byEnvironment = (environment: NodeJS.ProcessEnv, secrets = new Secrets()) =>
  new StorageCredentials(secrets, environment);

test("an entered key comes first, then AWS's variables, then its profile files", async () => {
  const variables = { ...files, AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "env", AWS_SESSION_TOKEN: "passing" };
  const credentials = byEnvironment(variables);
  assert.deepEqual(await credentials.find("s3", origin), {
    accessKeyId: "ENV",
    secretAccessKey: "env",
    sessionToken: "passing",
  });
  await credentials.store("s3", origin, entered);
  assert.deepEqual(await credentials.find("s3", origin), entered);
  assert.deepEqual(await byEnvironment(files).find("s3", origin), {
    accessKeyId: "FILE",
    secretAccessKey: "file/secret+1=",
  });
});

test("the profile is the one that AWS_PROFILE names; half a key is none", async () => {
  const profile = (name: string) => byEnvironment({ ...files, AWS_PROFILE: name }).find("s3", origin);
  assert.deepEqual(await profile("work.eu"), {
    accessKeyId: "WORK",
    secretAccessKey: "work",
    sessionToken: "passing",
  });
  assert.deepEqual(await profile("config-only"), { accessKeyId: "CONFIG", secretAccessKey: "config" });
  assert.equal(await profile("half"), undefined);
  assert.equal(await profile("nobody"), undefined);
});

test("files that change while the editor runs count at once", async () => {
  const own = join(folder, "renewed");
  const credentials = byEnvironment({ ...files, AWS_SHARED_CREDENTIALS_FILE: own });
  assert.equal(await credentials.find("s3", origin), undefined);
  await writeFile(own, "[default]\naws_access_key_id=NEW\naws_secret_access_key=new\n");
  assert.equal((await credentials.find("s3", origin))?.accessKeyId, "NEW");
});

test("what was entered for one server is given to no other, and not to the other kind of storage", async () => {
  const nobody = { AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"), AWS_CONFIG_FILE: join(folder, "none") };
  const credentials = byEnvironment(nobody);
  await credentials.store("s3", origin, entered);
  await credentials.store("put", "https://files.example", { kind: "bearer", token: "t" });
  assert.equal(await credentials.find("s3", "https://s3.example:8443"), undefined);
  assert.equal(await credentials.find("put", "http://files.example"), undefined);
  assert.equal(await credentials.find("put", origin), undefined);
  assert.deepEqual(await credentials.find("put", "https://files.example"), { kind: "bearer", token: "t" });
});

test("removing forgets the credentials of all servers and nothing else", async () => {
  const secrets = new Secrets();
  await secrets.store("wanFlf2v.token", "token");
  const credentials = byEnvironment({}, secrets);
  assert.equal(await credentials.removeAll(), 0);
  await credentials.store("put", "https://a.example", { kind: "basic", user: "u", password: "p" });
  await credentials.store("put", "https://b.example", { kind: "bearer", token: "t" });
  assert.equal(await credentials.removeAll(), 2);
  assert.equal(await credentials.find("put", "https://a.example"), undefined);
  assert.deepEqual([...secrets.kept], [["wanFlf2v.token", "token"]]);
});

test("what another window sets counts here; a window that is away does not stop a job", async () => {
  const secrets = new Secrets();
  const [here, there] = [byEnvironment({}, secrets), byEnvironment({}, secrets)];
  assert.equal(await here.find("put", origin), undefined);
  await there.store("put", origin, { kind: "bearer", token: "t" });
  assert.deepEqual(await here.find("put", origin), { kind: "bearer", token: "t" });
  secrets.broken = true;
  assert.deepEqual(await here.find("put", origin), { kind: "bearer", token: "t" });
});

test("a secret storage that cannot be read lets no other key take over, and is read again", async () => {
  const secrets = new Secrets();
  await byEnvironment({}, secrets).store("s3", origin, entered);
  const variables = { ...files, AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "env" };
  const credentials = byEnvironment(variables, secrets);
  secrets.broken = true;
  for (const asked of [
    () => credentials.find("s3", origin),
    () => credentials.find("put", origin),
    () => credentials.find("s3", origin),
  ]) {
    await assert.rejects(asked());
  }
  secrets.broken = false;
  assert.deepEqual(await credentials.find("s3", origin), entered);
});

test("image storage tells a locked keyring from a server that cannot be reached", async () => {
  const secrets = new Secrets();
  secrets.broken = true;
  const credentials = byEnvironment({}, secrets);
  const store = createStorage({
    settings: (kind) =>
      kind === "s3"
        ? { endpoint: origin, region: "r", bucket: "pictures", prefix: "", pathStyle: true, publicBaseUrl: "" }
        : { url: "https://files.example/{name}", publicUrl: "", headers: {} },
    credentials: (kind, server) => credentials.find(kind, server),
    fetch: async () => assert.fail("nothing is to be sent"),
    now: Date.now,
  });
  for (const [work, host] of [
    [() => store.locate("s3", "n.png"), "s3.example"],
    [() => store.remove({ kind: "put", url: "https://files.example/n.png", name: "n.png" }), "files.example"],
  ] as const) {
    await assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof ProblemError, String(error));
      assert.deepEqual(error.problem, { code: "storageUnreachable", host, reason: "secret storage", locked: true });
      assert.ok(neverArrived(error));
      assert.match(problemText(error.problem).message, /keyring/);
      return true;
    });
  }
});
