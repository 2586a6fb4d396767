import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createCatalogue } from "../../../src/runcomfy/catalogue.ts";
import type { Price } from "../../../src/shared/model/price.ts";
import { type Service, startService } from "../../support/service/service.ts";
import { answer, closedPort, serve } from "./server.ts";

let service: Service;
before(async () => {
  service = await startService({ price: { usd: 0.05, unit: "second" } });
});
after(() => service.close());

const unknown: Price = { kind: "unknown" };
const at = (base: string, more: Partial<Parameters<typeof createCatalogue>[0]> = {}) =>
  createCatalogue({ base: () => base, fetch, token: async () => "secret", ...more });

test("the price of the model is read from the service", async () => {
  const catalogue = at(service.url, { token: async () => service.token });
  assert.deepEqual(await catalogue.price(), { kind: "known", usd: 0.05, unit: "second" });
});

test("a token that the service echoes is in nothing that it tells of the model", async () => {
  const token = "5f0c1e2d-Tok-secret";
  const input = { title: token, enum: [token, token.toUpperCase()], default: `Bearer ${token}` };
  const body = {
    base_price_usd: 0.3,
    price_unit: `per ${token}`,
    input_schema: { properties: { [token]: input }, required: [token] },
  };
  await using server = await serve((response) => answer(response, 200, body));
  const schemas: unknown[] = [];
  const catalogue = at(server.origin, { token: async () => token, onSchema: (schema) => schemas.push(schema) });
  const told = JSON.stringify([await catalogue.price(), await catalogue.look(token), schemas]);
  assert.ok(!told.toLowerCase().includes(token.toLowerCase()), told);
  assert.match(told, /"usd":0.3/);
});

test("without a token nothing is asked", async () => {
  await using server = await serve((response) => answer(response, 200, {}));
  assert.deepEqual(await at(server.origin, { token: async () => undefined }).price(), { kind: "noToken" });
  assert.deepEqual(await at(server.origin, { token: () => Promise.reject(new Error()) }).price(), { kind: "noToken" });
  assert.equal(server.received.length, 0);
});

test("a price counts for ten minutes, and calls at once share one question", async () => {
  await using server = await serve((response) => answer(response, 200, { base_price_usd: 0.3, price_unit: "output" }));
  let now = 0;
  const catalogue = at(server.origin, { now: () => now });
  await Promise.all([catalogue.price(), catalogue.price()]);
  now = 599_999;
  await catalogue.price();
  assert.equal(server.received.length, 1);
  now = 600_000;
  assert.deepEqual(await catalogue.price(), { kind: "known", usd: 0.3, unit: "output" });
  assert.equal(server.received.length, 2);
  const [first] = server.received;
  assert.equal(first?.method, "GET");
  assert.equal(first?.path, "/v1/models/community/wan-2-2/fun-inpaint");
  assert.equal(first?.headers.authorization, "Bearer secret");
});

test("another token or another service is asked anew, a failure soon", async () => {
  let status = 503;
  await using server = await serve((response) => answer(response, status, { base_price_usd: 1, price_unit: "output" }));
  let token = "one";
  let now = 0;
  const catalogue = at(server.origin, { token: async () => token, now: () => now });
  assert.deepEqual(await catalogue.price(), unknown);
  status = 200;
  now = 29_999;
  assert.deepEqual(await catalogue.price(), unknown);
  now = 30_000;
  assert.equal((await catalogue.price()).kind, "known");
  token = "two";
  await catalogue.price();
  assert.equal(server.received.length, 3);
});

for (const [name, body] of Object.entries({
  "no price": { model_id: "x" },
  "a price of null": { base_price_usd: null, price_unit: "second" },
  "no unit": { base_price_usd: 0.1 },
  "a negative price": { base_price_usd: -1, price_unit: "second" },
  "a price beyond all prices": { base_price_usd: 10_000.01, price_unit: "second" },
  "a price that sums to no number": { base_price_usd: 1.7e308, price_unit: "second" },
  "a price without an end": { base_price_usd: "1e999", price_unit: "second" },
  "a price in words": { base_price_usd: "free", price_unit: "second" },
  "an error with status 200": { error_code: 400004, base_price_usd: 1, price_unit: "second" },
  "no JSON": "<html>",
  nothing: undefined,
})) {
  test(`an answer with ${name} leaves the price unknown`, async () => {
    await using server = await serve((response) => answer(response, 200, body));
    assert.deepEqual(await at(server.origin).price(), unknown);
  });
}

test("a price written as digits is one", async () => {
  await using server = await serve((response) =>
    answer(response, 200, { base_price_usd: "0.4", price_unit: "Request" }),
  );
  assert.deepEqual(await at(server.origin).price(), { kind: "known", usd: 0.4, unit: "request" });
});

test("a service that is gone, slow or elsewhere leaves the price unknown, and the token does not travel", async () => {
  assert.deepEqual(await at(`http://127.0.0.1:${await closedPort()}`).price(), unknown);
  const unreadable = () => {
    throw new Error("no address");
  };
  assert.deepEqual(await at("", { base: unreadable }).price(), unknown);
  await using silent = await serve(() => undefined);
  assert.deepEqual(await at(silent.origin, { timeout: 50 }).price(), unknown);
  await using other = await serve((response) => answer(response, 200, { base_price_usd: 1, price_unit: "output" }));
  await using moved = await serve((response) => answer(response, 307, "", { Location: `${other.origin}/x` }));
  assert.deepEqual(await at(moved.origin).price(), unknown);
  assert.equal(other.received.length, 0);
});
