import * as z from "zod";
import type { Fetch } from "../net/fetch.ts";
import { modelId } from "../shared/model/modelId.ts";
import type { Price } from "../shared/model/price.ts";
import { ask, type FreeAnswer } from "./free.ts";
import { usdSchema } from "./wire.ts";

interface CatalogueOptions {
  /** Origin of the API; read at each call, since it is a setting. One that cannot be read leaves the price unknown. */
  readonly base: () => string;
  readonly fetch: Fetch;
  readonly token: () => Promise<string | undefined>;
  /** Called with each description of the model's inputs that the service sends, unparsed. */
  readonly onSchema?: (schema: unknown) => void;
  /** ms; wall clock unless a test says otherwise. */
  readonly now?: () => number;
  /** Longest time an answer may take, ms. */
  readonly timeout?: number;
}

/** What the service's list of models says about this one, and about the token that asks. */
export type ModelListing =
  | { readonly kind: "seen"; readonly price: Price; readonly schema: unknown }
  | Exclude<FreeAnswer, { kind: "answered" }>;

/** The service's list of models, as far as it is about this one. */
export interface Catalogue {
  /** The price now; it is asked for again after ten minutes. Never throws: a price that cannot be read is unknown. */
  price(): Promise<Price>;
  /** The price that was read last. Never waits. */
  lastPrice(): Price;
  /** Reads the list now, with this token. Never throws. */
  look(token: string): Promise<ModelListing>;
}

/** How long an answer counts, ms. A failure is forgotten sooner: the network may be back in a moment. */
const freshFor = { known: 10 * 60_000, unknown: 30_000 };

/** `docs/service.md`, "Catalogue and balance". The price can be missing or null if none is set. */
const priceSchema = z.object({
  base_price_usd: usdSchema,
  price_unit: z.string().trim().toLowerCase().min(1).max(40),
});
const modelSchema = z.object({ input_schema: z.unknown().optional() });

/** A reader of `GET /v1/models/{model_id}`, which is free and needs only the token. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const now = options.now ?? Date.now;
  let kept: { base: string; token: string; until: number; price: Promise<Price> } | undefined;
  let last: Price = { kind: "unknown" };

  async function look(token: string): Promise<ModelListing> {
    const base = baseOf(options);
    if (base === undefined) {
      return { kind: "unread", reason: "apiBaseUrl" };
    }
    const address = new URL(`/v1/models/${modelId}`, base).href;
    const answer = await ask(options.fetch, address, token, options.timeout ?? 10_000);
    if (answer.kind !== "answered") {
      return answer;
    }
    const found = priceSchema.safeParse(answer.body).data;
    const price: Price =
      found === undefined ? { kind: "unknown" } : { kind: "known", usd: found.base_price_usd, unit: found.price_unit };
    const schema = modelSchema.parse(answer.body).input_schema;
    options.onSchema?.(schema);
    return { kind: "seen", price, schema };
  }

  async function readPrice(token: string): Promise<Price> {
    const listing = await look(token);
    return listing.kind === "seen" ? listing.price : { kind: "unknown" };
  }

  return {
    look,
    lastPrice: () => last,
    async price() {
      const token = await options.token().catch(() => undefined);
      if (token === undefined) {
        return { kind: "noToken" };
      }
      const base = baseOf(options);
      if (base === undefined) {
        return { kind: "unknown" };
      }
      if (kept === undefined || kept.base !== base || kept.token !== token || kept.until <= now()) {
        const entry = { base, token, until: Number.POSITIVE_INFINITY, price: readPrice(token) };
        kept = entry;
        last = await entry.price;
        entry.until = now() + freshFor[last.kind === "known" ? "known" : "unknown"];
      }
      return await kept.price;
    },
  };
}

function baseOf(options: CatalogueOptions): string | undefined {
  try {
    return options.base();
  } catch {
    return undefined;
  }
}
