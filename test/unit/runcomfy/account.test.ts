import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Fetch } from "../../../src/net/fetch.ts";
import { readBalance } from "../../../src/runcomfy/balance.ts";
import { createCatalogue } from "../../../src/runcomfy/catalogue.ts";
import { type Service, startService } from "../../support/service/service.ts";
import { answer, closedPort, serve } from "./server.ts";

// A token is tried, and a balance read, over real HTTP.

let service: Service;
before(async () => {
  service = await startService({ balance: 12.5 });
});
after(() => service.close());

const look = (base: string, token: string, timeout = 2000) =>
  createCatalogue({ base: () => base, fetch, token: async () => token, timeout }).look(token);

test("a valid token is seen, with price and schema, and the schema is handed on", async () => {
  const schemas: unknown[] = [];
  const catalogue = createCatalogue({
    base: () => service.url,
    fetch,
    token: async () => undefined,
    onSchema: (schema) => schemas.push(schema),
  });
  const sight = await catalogue.look(service.token);
  assert.ok(sight.kind === "seen");
  assert.deepEqual(sight.price, { kind: "known", usd: 0.05, unit: "second" });
  assert.deepEqual(schemas, [sight.schema]);
});

test("a wrong token is refused, in either of the service's ways", async () => {
  for (const authError of ["401001", "400004"] as const) {
    service.changeSettings({ authError });
    assert.deepEqual(await look(service.url, "wrong"), { kind: "refused" });
  }
});

for (const [name, status, body, kind] of [
  ["401 without a body", 401, undefined, "refused"],
  ["403 in JSON", 403, { message: "Forbidden" }, "refused"],
  ["a bad token's code with status 200", 200, { error_code: 400004 }, "refused"],
  ["a proxy's 403 page", 403, "<html>Blocked</html>", "unread"],
  ["a proxy's 401 page", 401, "<html>Sign in</html>", "unread"],
  ["a sign-in page", 200, "<html>Welcome</html>", "unread"],
  ["another code with status 200", 200, { error_code: 400001 }, "unread"],
  ["an empty 200", 200, undefined, "unread"],
  ["a list", 200, [], "unread"],
  ["404", 404, { error_code: 404001 }, "unread"],
  ["429", 429, {}, "unread"],
  ["500", 500, { error: "oops" }, "unread"],
  ["a model without a price", 200, { model_id: "x" }, "seen"],
] as const) {
  test(`${name} means ${kind}`, async () => {
    await using server = await serve((response) => answer(response, status, body));
    assert.equal((await look(server.origin, "secret")).kind, kind);
  });
}

test("a service that is gone or silent tells nothing of a token, and says why", async () => {
  assert.deepEqual(await look(`http://127.0.0.1:${await closedPort()}`, "secret"), {
    kind: "unread",
    reason: "ECONNREFUSED",
  });
  await using silent = await serve(() => undefined);
  assert.deepEqual(await look(silent.origin, "secret", 50), { kind: "unread", reason: "TimeoutError" });
});

test("the balance is asked at RunComfy's own place, at this machine, and nowhere else", async () => {
  const asked = async (base: string) => {
    const addresses: string[] = [];
    const listening: Fetch = async (input) => {
      addresses.push(String(input));
      return Response.json({});
    };
    assert.deepEqual(await readBalance(listening, base, "secret"), { kind: "unknown" });
    return addresses;
  };
  assert.deepEqual(await asked("https://model-api.runcomfy.net"), ["https://api.runcomfy.net/prod/v2/balance"]);
  assert.deepEqual(await asked("http://127.0.0.1:8787"), ["http://127.0.0.1:8787/prod/v2/balance"]);
  assert.deepEqual(await asked("http://localhost:1/"), ["http://localhost:1/prod/v2/balance"]);
  for (const base of [
    "https://model-api-int.runcomfy.net",
    "https://gateway.example",
    "https://model-api.runcomfy.net:8443",
    "https://model-api.runcomfy.net.example",
  ]) {
    assert.deepEqual(await asked(base), []);
  }
});

test("the balance is read from the service, zero and less included", async () => {
  const read = () => readBalance(fetch, service.url, service.token);
  assert.deepEqual(await read(), { kind: "known", usd: 12.5 });
  for (const balance of [0, -3.25]) {
    service.changeSettings({ balance });
    assert.deepEqual(await read(), { kind: "known", usd: balance });
  }
  assert.deepEqual(await readBalance(fetch, service.url, "wrong"), { kind: "unknown" });
});

for (const [name, body, usd] of [
  ["text", { balance_usd: "4.2", currency: "USD" }, 4.2],
  ["micro-dollars alone", { balance_microdollars: 4_200_000 }, 4.2],
  ["no currency", { balance_usd: 4.2 }, 4.2],
  ["another currency", { balance_usd: 4.2, currency: "EUR" }, undefined],
  ["null", { balance_usd: null }, undefined],
  ["words", { balance_usd: "plenty" }, undefined],
  ["a debt", { balance_usd: -3 }, -3],
  ["more than anybody has", { balance_usd: 1e308 }, undefined],
  ["a debt beyond all debts", { balance_usd: -1e308 }, undefined],
  ["an error with status 200", { error_code: 500001, balance_usd: 4.2 }, undefined],
  ["a page", "<html>", undefined],
] as const) {
  test(`a balance with ${name} is ${usd === undefined ? "unknown" : "known"}`, async () => {
    await using server = await serve((response) => answer(response, 200, body));
    const expected = usd === undefined ? { kind: "unknown" } : { kind: "known", usd };
    assert.deepEqual(await readBalance(fetch, server.origin, "secret"), expected);
  });
}

test("the token follows no redirect", async () => {
  await using other = await serve((response) => answer(response, 200, { balance_usd: 1 }));
  await using moved = await serve((response) => answer(response, 302, "", { Location: `${other.origin}/x` }));
  assert.deepEqual(await readBalance(fetch, moved.origin, "secret"), { kind: "unknown" });
  assert.equal((await look(moved.origin, "secret")).kind, "unread");
  assert.equal(other.received.length, 0);
});
