import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cliTokenFile, createCliToken } from "../../../src/host/cliToken.ts";
import { Tokens } from "../../../src/host/token.ts";
import { Secrets } from "./secrets.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-tokens-"));
after(() => rm(folder, { recursive: true }));

const windowOver = (
  secrets: Secrets,
  environment: NodeJS.ProcessEnv = {},
  cli: () => Promise<string | undefined> = async () => undefined,
) => new Tokens(secrets, environment, cli);

test("the secret storage comes first, then the environment in its order, then the command-line client", async () => {
  const secrets = new Secrets();
  const environment: NodeJS.ProcessEnv = {
    RUNCOMFY_API_KEY: "key",
    RUNCOMFY_TOKEN: "not a token",
    YOUR_API_TOKEN: "yours",
  };
  const tokens = windowOver(secrets, environment, async () => "cli-token");
  assert.deepEqual(await tokens.find(), { token: "key", source: "RUNCOMFY_API_KEY", name: "RUNCOMFY_API_KEY" });
  await tokens.store("mine", []);
  const found = await tokens.find();
  assert.deepEqual([found?.token, found?.source], ["mine", "secret"]);
  await tokens.remove();
  assert.equal((await tokens.find())?.token, "key");
  assert.deepEqual(await windowOver(secrets, {}, async () => "cli-token").find(), {
    token: "cli-token",
    source: "cli",
    name: "cli",
  });
  assert.equal(await windowOver(secrets).find(), undefined);
});

test("a token that the first version stored is still in use, and keeps its name", async () => {
  const secrets = new Secrets();
  secrets.kept.set("wanFlf2v.token", "12345");
  const tokens = windowOver(secrets);
  const found = await tokens.find();
  assert.equal(found?.token, "12345");
  await tokens.store("next", [found.name]);
  assert.equal(await tokens.named(found.name), "12345");
  assert.equal((await tokens.find())?.token, "next");
});

test("an earlier token is kept as long as a job needs it, under a name that tells nothing of it", async () => {
  const tokens = windowOver(new Secrets());
  await tokens.store("first-token", []);
  const first = (await tokens.find())?.name ?? "";
  assert.ok(!first.includes("first-token"));
  await tokens.store("second-token", [first]);
  const second = (await tokens.find())?.name ?? "";
  assert.equal(await tokens.named(first), "first-token");
  await tokens.forgetEarlier(() => [first]);
  assert.equal(await tokens.named(first), "first-token");
  await tokens.forgetEarlier(() => []);
  assert.equal(await tokens.named(first), undefined);
  assert.equal(await tokens.named(second), "second-token");
  await tokens.store("third-token", []);
  assert.equal(await tokens.named(second), undefined);
});

test("the same token entered again is the same one, and removing removes all", async () => {
  const secrets = new Secrets();
  const tokens = windowOver(secrets);
  await tokens.store("one", []);
  const name = (await tokens.find())?.name ?? "";
  await tokens.store("two", [name]);
  await tokens.store("one", [name]);
  assert.equal((await tokens.find())?.name, name);
  await tokens.store("two", [name]);
  assert.equal(await tokens.remove(), true);
  assert.equal(await tokens.named(name), undefined);
  assert.deepEqual([...secrets.kept], []);
  assert.equal(await tokens.remove(), false);
});

test("what another window stored is seen, and not undone by an older view", async () => {
  const secrets = new Secrets();
  const here = windowOver(secrets);
  const there = windowOver(secrets);
  await here.store("one", []);
  assert.equal((await there.find())?.token, "one");
  const name = (await here.find())?.name ?? "";
  await there.store("two", [name]);
  assert.equal((await here.find())?.token, "two");
  await here.forgetEarlier(() => []);
  assert.equal((await there.find())?.token, "two");
});

test("a storage that cannot be read counts as empty for reading, and is never written over", async () => {
  const secrets = new Secrets();
  await windowOver(secrets).store("one", []);
  const tokens = windowOver(secrets, { RUNCOMFY_TOKEN: "env" });
  secrets.broken = true;
  assert.equal((await tokens.find())?.token, "env");
  await assert.rejects(tokens.store("two", []));
  await tokens.forgetEarlier(() => []);
  secrets.broken = false;
  assert.equal((await tokens.find())?.token, "one");
});

test("the command-line client's file is looked for where that client keeps it", () => {
  assert.equal(cliTokenFile({}, "/home/u"), join("/home/u", ".config", "runcomfy", "token.json"));
  assert.equal(cliTokenFile({ XDG_CONFIG_HOME: "/x" }, "/home/u"), join("/x", "runcomfy", "token.json"));
  assert.equal(cliTokenFile({ XDG_CONFIG_HOME: "/x", RUNCOMFY_CONFIG_DIR: "/r" }, "/home/u"), join("/r", "token.json"));
});

const soon = new Date(Date.now() + 3_600_000);
for (const [name, content, token, told] of [
  ["a plain one", { access_token: "abc", user_email: "me@example.org" }, "abc", undefined],
  ["one with time left", { access_token: "abc", expires_at: soon.toISOString() }, "abc", undefined],
  ["one with time left in seconds", { access_token: "abc", expires_at: soon.getTime() / 1000 }, "abc", undefined],
  ["one with time left in ms", { access_token: "abc", expires_at: soon.getTime() }, "abc", undefined],
  ["one that never expires", { access_token: "abc", expires_at: null }, "abc", undefined],
  ["an expired one", { access_token: "abc", expires_at: "2020-01-01T00:00:00Z" }, undefined, /expired/],
  ["one expired in seconds", { access_token: "abc", expires_at: 1_600_000_000 }, undefined, /expired/],
  ["one without a token", { refresh_token: "secret" }, undefined, /access_token/],
  ["one with a token that is none", { access_token: "two words" }, undefined, /access_token/],
  ["a date that is none", { access_token: "abc", expires_at: "soon" }, undefined, /expires_at/],
  ["no JSON", "abc secret", undefined, /no JSON/],
] as const) {
  test(`the command-line client's file: ${name}`, async () => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.json`);
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    const log: string[] = [];
    const read = createCliToken(file, (line) => log.push(line));
    assert.equal(await read(), token);
    assert.equal(await read(), token);
    assert.equal(log.length, told === undefined ? 0 : 1, "it is told once");
    assert.match(log.join(), told ?? /^$/);
    assert.doesNotMatch(log.join(), /abc|secret|two words/);
  });
}

test("without the command-line client there is no token and nothing to tell", async () => {
  const read = createCliToken(join(folder, "none", "token.json"), (line) => assert.fail(line));
  assert.equal(await read(), undefined);
});
