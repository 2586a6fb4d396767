import { classify } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import { readText } from "../net/reading.ts";
import { statusOf, understand } from "./answer.ts";
import { withoutToken } from "./wire.ts";

/** What a free call says about the token it carried (`docs/service.md`, "Catalogue and balance"). */
export type FreeAnswer =
  /** The JSON of a success, with the token removed; the token is valid. */
  | { readonly kind: "answered"; readonly body: object }
  /** The token is wrong, expired or revoked. */
  | { readonly kind: "refused" }
  /** Nothing is known about the token; `reason` is short and technical. */
  | { readonly kind: "unread"; readonly reason: string };

/** The most bytes of an answer that are read. The catalogue's has a few thousand. */
const maximumAnswer = 1024 * 1024;

/** Sends a free GET. Never throws. The token goes to this address and nowhere else. */
export async function ask(fetch: Fetch, address: string, token: string, timeout: number): Promise<FreeAnswer> {
  try {
    const response = await fetch(address, {
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const answer = understand(response, await readText(response, maximumAnswer), token, Date.now());
    const { form, body, code } = answer;
    const status = statusOf(answer);
    // A page does not come from the service, whatever its status: a proxy may ask for a sign-in.
    if (form !== "page" && (code === 400004 || status === 401 || status === 403)) {
      return { kind: "refused" };
    }
    const told = withoutToken(body, token);
    if (response.ok && code === undefined && typeof told === "object" && told !== null && !Array.isArray(told)) {
      return { kind: "answered", body: told };
    }
    return { kind: "unread", reason: form === "page" && response.ok ? "no JSON" : `HTTP ${status}` };
  } catch (error) {
    return { kind: "unread", reason: classify(error).reason };
  }
}
