import * as z from "zod";
import type { Fetch } from "../net/fetch.ts";
import { isLoopback } from "../net/trust.ts";
import { ask } from "./free.ts";

/** What is left on the account. Zero and less than zero are real (`docs/service.md`, "Catalogue and balance"). */
export type Balance = { readonly kind: "known"; readonly usd: number } | { readonly kind: "unknown" };

/** An amount, which can be less than zero; one beyond what anybody's account holds is none. */
const amount = (most: number) =>
  z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number().min(-most).max(most));
const usd = amount(1e9);
const microUsd = amount(1e15);
const currency = z.string().trim().toUpperCase().pipe(z.literal("USD")).default("USD");
const balanceSchema = z.union([
  z.object({ balance_usd: usd, currency }).transform((body) => body.balance_usd),
  z.object({ balance_microdollars: microUsd, currency }).transform((body) => body.balance_microdollars / 1e6),
]);

/** Where the hosted service answers, and where its balance is told. */
export const defaultBase = "https://model-api.runcomfy.net";
const balanceBase = "https://api.runcomfy.net";
const path = "/prod/v2/balance";

/**
 * Where the balance is asked for: RunComfy's own place with RunComfy's own API, the same server where that is on this
 * machine. Undefined for any other: the token must go to no host that its user did not name (`docs/jobs.md`, "Laws", 6).
 */
function balanceAddress(base: string): string | undefined {
  const { origin, hostname } = new URL(base);
  return origin === defaultBase ? `${balanceBase}${path}` : isLoopback(hostname) ? `${origin}${path}` : undefined;
}

/** The balance behind a token. Never throws: what cannot be found out is unknown. */
export async function readBalance(fetch: Fetch, base: string, token: string, timeout = 10_000): Promise<Balance> {
  const address = balanceAddress(base);
  if (address === undefined) {
    return { kind: "unknown" };
  }
  const answer = await ask(fetch, address, token, timeout);
  const found = answer.kind === "answered" ? balanceSchema.safeParse(answer.body) : undefined;
  return found?.success ? { kind: "known", usd: found.data } : { kind: "unknown" };
}
