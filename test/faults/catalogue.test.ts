import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createCatalogue } from "../../src/runcomfy/catalogue.ts";
import type { Price } from "../../src/shared/model/price.ts";
import { type FaultPlan, type Service, startService } from "../support/service/service.ts";

// The catalogue is asked for the price alone. Whatever goes wrong there, the user sees "Price unknown", never a guess; no
// job is made and nothing is paid.

type Effects = FaultPlan[number]["do"];

const unknown: Price = { kind: "unknown" };
const price = (base_price_usd: string | number | null, price_unit: string): Effects => ({
  respond: { status: 200, json: { base_price_usd, price_unit } },
});

const rows: readonly (readonly [name: string, effects: Effects | undefined, seen: Price])[] = [
  ["nothing goes wrong", undefined, { kind: "known", usd: 0.05, unit: "second" }],
  ["a price by the output", price(0.3, "Output"), { kind: "known", usd: 0.3, unit: "output" }],
  ["a price as text", price("0.3", "second"), { kind: "known", usd: 0.3, unit: "second" }],
  ["no price", price(null, "second"), unknown],
  ["no unit", price(0.3, ""), unknown],
  ["a negative price", price(-1, "second"), unknown],
  ["a price that is no number", price("cheap", "second"), unknown],
  ["200 with an error code", { errorIn200: { error_code: 400001, error_message: "wrong model" } }, unknown],
  ["401", { respond: { status: 401, json: { error_code: 401001 } } }, unknown],
  ["404", { respond: { status: 404, json: { error_code: 404001 } } }, unknown],
  ["429", { respond: { status: 429 }, retryAfter: 5 }, unknown],
  ["500 with a page", { respond: { status: 500, text: "<h1>Oops</h1>" } }, unknown],
  ["503", { respond: { status: 503 } }, unknown],
  ["an empty body", { respond: { status: 200, empty: true } }, unknown],
  ["no JSON", { respond: { status: 200, text: "soon" } }, unknown],
  ["a redirect", { redirect: { location: "https://evil.example/" } }, unknown],
  ["a reset", { resetBeforeAccept: true }, unknown],
  ["no answer in time", { hangBefore: true }, unknown],
];

describe("faults of the catalogue", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  for (const [name, effects, seen] of rows) {
    it(`catalogue: ${name}`, async () => {
      service.reset();
      service.setFaults(effects === undefined ? [] : [{ on: "catalogue", do: effects }]);
      const catalogue = createCatalogue({
        base: () => service.url,
        fetch,
        token: async () => service.token,
        timeout: 1000,
      });
      assert.deepEqual(await catalogue.price(), seen);
      const { requests, tokenLeaks, exchanges } = service.ledger;
      assert.deepEqual([requests, tokenLeaks], [[], []]);
      assert.equal(exchanges.length, 1);
    });
  }
});
