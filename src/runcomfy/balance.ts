import * as z from "zod";
import type { Fetch } from "../net/fetch.ts";
import { isLoopback } from "../net/trust.ts";
import { ask } from "./free.ts";

/** What is left on the account; zero and negative balances occur (`docs/service.md`, "Catalogue and balance"). */
export type Balance = { readonly kind: "known"; readonly usd: number } | { readonly kind: "unknown" };

/** An amount, possibly negative. One beyond what any account can hold is not an amount. */
const amount = (most: number) =>
  z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number().min(-most).max(most));
const usd = amount(1e9);
const microUsd = amount(1e15);
const currency = z.string().trim().toUpperCase().pipe(z.literal("USD")).default("USD");
const balanceSchema = z.union([
  z.object({ balance_usd: usd, currency }).transform((body) => body.balance_usd),
  z.object({ balance_microdollars: microUsd, currency }).transform((body) => body.balance_microdollars / 1e6),
]);

/** The hosted service, and the host that reports its balance. */
export const defaultBase = "https://model-api.runcomfy.net";
const balanceBase = "https://api.runcomfy.net";
const path = "/prod/v2/balance";

/**
 * The address that reports the balance: RunComfy's own for RunComfy's own API, the same server for an API on this
 * machine. Undefined for any other: the token must never go to a host that its user did not name (`docs/jobs.md`,
 * "Laws", 6).
 */
function balanceAddress(base: string): string | undefined {
  const { origin, hostname } = new URL(base);
  return origin === defaultBase ? `${balanceBase}${path}` : isLoopback(hostname) ? `${origin}${path}` : undefined;
}

/** The balance of a token's account. Never throws: a balance that cannot be read is unknown. */
export async function readBalance(fetch: Fetch, base: string, token: string, timeout = 10_000): Promise<Balance> {
  const address = balanceAddress(base);
  if (address === undefined) {
    return { kind: "unknown" };
  }
  const answer = await ask(fetch, address, token, timeout);
  const found = answer.kind === "answered" ? balanceSchema.safeParse(answer.body) : undefined;
  return found?.success ? { kind: "known", usd: found.data } : { kind: "unknown" };
}
