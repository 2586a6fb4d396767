import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cliTokenFile, createCliToken } from "../../../src/host/cliToken.ts";
import { Tokens } from "../../../src/host/token.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { refused } from "../../support/problems.ts";
import { answer, serve } from "../runcomfy/server.ts";
import { Secrets } from "./secrets.ts";

const folder = await mkdtemp(join(tmpdir(), "wan-tokens-"));
after(() => rm(folder, { recursive: true }));

const home = "https://model-api.runcomfy.net";
const staging = "https://staging.example";

const windowOver = (
  secrets: Secrets,
  environment: NodeJS.ProcessEnv = {},
  cli: () => Promise<string | undefined> = async () => undefined,
  service: () => string = () => home,
) => new Tokens(secrets, environment, service, cli);

const storeFails = refused("tokenStoreFails");

test("the secret storage comes first, then the environment in its order, then the command-line client", async () => {
  const secrets = new Secrets();
  const environment: NodeJS.ProcessEnv = {
    RUNCOMFY_API_KEY: "key",
    RUNCOMFY_TOKEN: " ",
    YOUR_API_TOKEN: "yours",
  };
  const tokens = windowOver(secrets, environment, async () => "cli-token");
  assert.deepEqual(await tokens.find(home), { token: "key", source: "RUNCOMFY_API_KEY", name: "RUNCOMFY_API_KEY" });
  await tokens.store("mine", home, []);
  const found = await tokens.find(home);
  assert.deepEqual([found?.token, found?.source], ["mine", "secret"]);
  await tokens.remove();
  assert.equal((await tokens.find(home))?.token, "key");
  assert.deepEqual(await windowOver(secrets, {}, async () => "cli-token").find(home), {
    token: "cli-token",
    source: "cli",
    name: "cli",
  });
  assert.equal(await windowOver(secrets).find(home), undefined);
});

for (const text of ["Bearer abc", '"abc:d"', "'two words'", "a\nb", "x".repeat(4097), "ключ"]) {
  test(`a variable set to ${JSON.stringify(text.slice(0, 12))} is told by its name: no later place pays in its stead`, async () => {
    const environment = { RUNCOMFY_API_TOKEN: text, RUNCOMFY_API_KEY: "of-the-employer" };
    const tokens = windowOver(new Secrets(), environment, async () => "cli-token");
    await assert.rejects(tokens.find(home), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual(error.problem, { code: "tokenMalformed", variable: "RUNCOMFY_API_TOKEN" });
      return true;
    });
    assert.equal(await tokens.named("RUNCOMFY_API_TOKEN", home), undefined);
    // What stands before it is as good as ever, and so is what jobs were sent with.
    assert.equal(await tokens.named("RUNCOMFY_API_KEY", home), "of-the-employer");
    assert.equal(
      (await windowOver(new Secrets(), { ...environment, RUNCOMFY_TOKEN: "good" }).find(home))?.token,
      "good",
    );
    await tokens.store("mine", home, []);
    assert.equal((await tokens.find(home))?.token, "mine");
  });
}

test("a token that the first version stored is still in use, and keeps its name", async () => {
  const secrets = new Secrets();
  secrets.kept.set("wanFlf2v.token", "12345");
  const tokens = windowOver(secrets);
  const found = await tokens.find(home);
  assert.equal(found?.token, "12345");
  await tokens.store("next", home, [found.name]);
  assert.equal(await tokens.named(found.name, home), "12345");
  assert.equal((await tokens.find(home))?.token, "next");
});

test("an earlier token is kept as long as a job needs it, under a name that tells nothing of it", async () => {
  const tokens = windowOver(new Secrets());
  await tokens.store("first-token", home, []);
  const first = (await tokens.find(home))?.name ?? "";
  assert.ok(!first.includes("first-token"));
  await tokens.store("second-token", home, [first]);
  const second = (await tokens.find(home))?.name ?? "";
  assert.equal(await tokens.named(first, home), "first-token");
  await tokens.forgetEarlier(() => [first]);
  assert.equal(await tokens.named(first, home), "first-token");
  await tokens.forgetEarlier(() => []);
  assert.equal(await tokens.named(first, home), undefined);
  assert.equal(await tokens.named(second, home), "second-token");
  await tokens.store("third-token", home, []);
  assert.equal(await tokens.named(second, home), undefined);
});

test("the same token entered again is the same one, and removing removes all", async () => {
  const secrets = new Secrets();
  const tokens = windowOver(secrets);
  await tokens.store("one", home, []);
  const name = (await tokens.find(home))?.name ?? "";
  await tokens.store("two", home, [name]);
  await tokens.store("one", home, [name]);
  assert.equal((await tokens.find(home))?.name, name);
  await tokens.store("two", home, [name]);
  assert.equal(await tokens.remove(), true);
  assert.equal(await tokens.named(name, home), undefined);
  assert.deepEqual([...secrets.kept], []);
  assert.equal(await tokens.remove(), false);
});

test("what another window stored is seen, and not undone by an older view", async () => {
  const secrets = new Secrets();
  const here = windowOver(secrets);
  const there = windowOver(secrets);
  await here.store("one", home, []);
  assert.equal((await there.find(home))?.token, "one");
  const name = (await here.find(home))?.name ?? "";
  await there.store("two", home, [name]);
  assert.equal((await here.find(home))?.token, "two");
  await here.forgetEarlier(() => []);
  assert.equal((await there.find(home))?.token, "two");
});

test("a storage that cannot be read is told as such: no other token takes its place, and nothing is written over", async () => {
  const secrets = new Secrets();
  await windowOver(secrets).store("one", home, []);
  const tokens = windowOver(secrets, { RUNCOMFY_TOKEN: "env" }, async () => "cli-token");
  secrets.broken = true;
  await assert.rejects(tokens.find(home), storeFails);
  await assert.rejects(tokens.store("two", home, []), storeFails);
  await assert.rejects(tokens.remove(), storeFails);
  await tokens.forgetEarlier(() => []);
  assert.equal(await tokens.named("RUNCOMFY_TOKEN", home), "env");
  await assert.rejects(tokens.named("stored:any", home), storeFails);
  secrets.broken = false;
  assert.equal((await tokens.find(home))?.token, "one");
});

test("what was read last is enough to follow a job with, but not to pay", async () => {
  const secrets = new Secrets();
  const here = windowOver(secrets, { RUNCOMFY_TOKEN: "env" });
  await here.store("one", home, []);
  const { name = "" } = (await here.find(home)) ?? {};
  secrets.broken = true;
  assert.equal((await here.find(home))?.token, "one", "nothing has changed since it was read");
  await secrets.store("wanFlf2v.token", JSON.stringify({ current: "x", tokens: { x: "two" } }));
  await assert.rejects(here.find(home), storeFails);
  assert.equal(await here.named(name, home), "one");
  secrets.broken = false;
  assert.equal((await here.find(home))?.token, "two");
});

test("a stored form that this version does not know is not taken for none, and gives way to a new token", async () => {
  const secrets = new Secrets();
  secrets.kept.set("wanFlf2v.token", JSON.stringify({ version: 9, accounts: [] }));
  const tokens = windowOver(secrets, { RUNCOMFY_TOKEN: "env" });
  await assert.rejects(tokens.find(home), storeFails);
  await tokens.store("mine", home, []);
  assert.equal((await tokens.find(home))?.token, "mine");
});

test("a token is for the service that it was entered for, and for no other", async () => {
  const secrets = new Secrets();
  const environment = { RUNCOMFY_TOKEN: "env" };
  const tokens = windowOver(secrets, environment, async () => "cli-token");
  await tokens.store("production", home, []);
  await tokens.store("demo", staging, []);
  const [production, demo] = [await tokens.find(home), await tokens.find(staging)];
  assert.deepEqual([production?.token, demo?.token], ["production", "demo"]);
  assert.equal(await tokens.named(production?.name ?? "", staging), undefined);
  assert.equal(await tokens.named(demo?.name ?? "", home), undefined);
  assert.equal(await tokens.named(demo?.name ?? "", staging), "demo");
  assert.equal(await tokens.find("https://other.example"), undefined);
  // Each is in use at its own: neither is an earlier one.
  await tokens.forgetEarlier(() => []);
  await tokens.store("production-2", home, []);
  assert.deepEqual([(await tokens.find(home))?.token, (await tokens.find(staging))?.token], ["production-2", "demo"]);
  assert.equal(await tokens.named(production?.name ?? "", home), undefined);
  // The same word at two services is two tokens.
  await tokens.store("demo", home, []);
  assert.notEqual((await tokens.find(home))?.name, (await tokens.find(staging))?.name);
});

test("a service that was left and refuses its token gets no other one, and is sent nothing with it", async () => {
  await using left = await serve((response) => answer(response, 401));
  await using now = await serve((response) => answer(response, 200, { request_id: "request-1", status: "in_queue" }));
  const tokens = windowOver(
    new Secrets(),
    { RUNCOMFY_TOKEN: "env" },
    async () => "cli-token",
    () => now.origin,
  );
  await tokens.store("demo", left.origin, []);
  const { name = "" } = (await tokens.find(left.origin)) ?? {};
  await tokens.store("PRODUCTION", now.origin, [name]);
  const clientOf = (base: string, sentWith: string) =>
    createClient({
      base,
      fetch,
      token: async () => (await tokens.find(base))?.token,
      sentWith: () => tokens.named(sentWith, base),
    });
  const { name: production = "" } = (await tokens.find(now.origin)) ?? {};
  for (const sentWith of [name, production, "RUNCOMFY_TOKEN", "cli"]) {
    await clientOf(left.origin, sentWith).status("request-1");
    await clientOf(left.origin, sentWith).submit({});
  }
  const bearers = left.received.map(({ headers }) => headers.authorization);
  assert.deepEqual([...new Set(bearers)], ["Bearer demo"]);
  assert.equal((await clientOf(now.origin, production).status("request-1")).phase, "queued");
});

test("tokens of the environment and the command-line client go to the service that the settings name now", async () => {
  let service = staging;
  const tokens = windowOver(
    new Secrets(),
    {},
    async () => "cli-token",
    () => service,
  );
  const withVariable = windowOver(new Secrets(), { RUNCOMFY_TOKEN: "env" }, undefined, () => service);
  for (const [named, other] of [
    [staging, home],
    [home, staging],
  ] as const) {
    service = named;
    assert.equal((await tokens.find(named))?.token, "cli-token");
    assert.equal((await withVariable.find(named))?.token, "env");
    assert.equal(await tokens.named("cli", named), "cli-token");
    assert.equal(await withVariable.named("RUNCOMFY_TOKEN", named), "env");
    for (const each of [tokens, withVariable]) {
      assert.equal(await each.find(other), undefined);
      assert.equal(await each.named("cli", other), undefined);
      assert.equal(await each.named("RUNCOMFY_TOKEN", other), undefined);
    }
  }
  const lost = windowOver(new Secrets(), { RUNCOMFY_TOKEN: "env" }, undefined, () => {
    throw new Error("the setting is wrong");
  });
  assert.equal(await lost.find(home), undefined);
});

test("tokens of earlier versions are for RunComfy's own service, in either of their forms", async () => {
  for (const kept of ["12345", JSON.stringify({ current: "a", tokens: { a: "12345", b: "older" } })]) {
    const secrets = new Secrets();
    secrets.kept.set("wanFlf2v.token", kept);
    const tokens = windowOver(secrets, { RUNCOMFY_TOKEN: "env" }, undefined, () => staging);
    const found = await tokens.find(home);
    assert.equal(found?.token, "12345");
    assert.equal(await tokens.named(found.name, staging), undefined);
    assert.equal((await tokens.find(staging))?.token, "env");
  }
});

test("an earlier version reads what this one stores: the token of RunComfy's own service, and all by name", async () => {
  const secrets = new Secrets();
  const tokens = windowOver(secrets);
  await tokens.store("production", home, []);
  await tokens.store("demo", staging, []);
  const kept: { current: string; tokens: Record<string, string> } = JSON.parse(
    secrets.kept.get("wanFlf2v.token") ?? "{}",
  );
  assert.equal(kept.tokens[kept.current], "production");
  assert.deepEqual(Object.values(kept.tokens).sort(), ["demo", "production"]);
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

test("the command-line client's file: what has no end, never opens or is too long is not used", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const long = join(folder, "long.json");
  await writeFile(long, JSON.stringify({ access_token: "abc", filler: "x".repeat(100_000) }));
  for (const file of ["/dev/zero", pipe, long, folder]) {
    const log: string[] = [];
    assert.equal(await createCliToken(file, (line) => log.push(line))(), undefined, file);
    assert.equal(log.length, 1, file);
  }
});

test("without the command-line client there is no token and nothing to tell", async () => {
  const read = createCliToken(join(folder, "none", "token.json"), (line) => assert.fail(line));
  assert.equal(await read(), undefined);
});
