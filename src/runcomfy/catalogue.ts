import * as z from "zod";
import type { Price } from "../model/price.ts";
import { type Fetch, modelId } from "./client.ts";
import { errorSchema } from "./wire.ts";

export interface CatalogueOptions {
  /** Origin of the API; read at each call, since it is a setting. One that cannot be read leaves the price unknown. */
  readonly base: () => string;
  readonly fetch: Fetch;
  readonly token: () => Promise<string | undefined>;
  /** ms; wall clock unless a test says otherwise. */
  readonly now?: () => number;
  /** Longest time an answer may take, ms. */
  readonly timeout?: number;
}

/** The service's list of models, as far as it tells what this one costs. */
export interface Catalogue {
  /** Never throws: what cannot be found out is unknown. A price is asked for again after ten minutes. */
  price(): Promise<Price>;
}

/** How long an answer counts, ms. A failure is forgotten sooner: the network may be back in a moment. */
const freshFor = { known: 10 * 60_000, unknown: 30_000 };

/** Field notes, section 1, Catalogue. The price can be missing or null where none is set. */
const modelSchema = z.object({
  base_price_usd: z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number().nonnegative()),
  price_unit: z.string().trim().toLowerCase().min(1).max(40),
});

/** A reader of `GET /v1/models/{model_id}`, which costs nothing and needs the token alone. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const now = options.now ?? Date.now;
  let kept: { base: string; token: string; until: number; price: Promise<Price> } | undefined;

  async function ask(base: string, token: string): Promise<Price> {
    try {
      const response = await options.fetch(new URL(`/v1/models/${modelId}`, base).href, {
        headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
        // The token goes to the service itself and nowhere else.
        redirect: "manual",
        signal: AbortSignal.timeout(options.timeout ?? 10_000),
      });
      const body: unknown = await response.json();
      // Errors can come with status 200 (field notes, fact 3).
      const isError = !response.ok || errorSchema.safeParse(body).data?.error_code !== undefined;
      const model = isError ? undefined : modelSchema.safeParse(body).data;
      return model === undefined
        ? { kind: "unknown" }
        : { kind: "known", usd: model.base_price_usd, unit: model.price_unit };
    } catch {
      return { kind: "unknown" };
    }
  }

  return {
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
        const entry = { base, token, until: Number.POSITIVE_INFINITY, price: ask(base, token) };
        kept = entry;
        entry.until = now() + freshFor[(await entry.price).kind === "known" ? "known" : "unknown"];
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
