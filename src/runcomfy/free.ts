import { classify } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import { readText } from "../net/reading.ts";
import { statusOf, understand } from "./answer.ts";
import { withoutToken } from "./wire.ts";

/** What a call that costs nothing says of the token it carried (`docs/service.md`, "Catalogue and balance"). */
export type FreeAnswer =
  /** JSON of a success: the token is valid, and nowhere in it. */
  | { readonly kind: "answered"; readonly body: object }
  /** The token is wrong, expired or revoked. */
  | { readonly kind: "refused" }
  /** Nothing can be told of the token; `reason` is a short technical one. */
  | { readonly kind: "unread"; readonly reason: string };

/** Bytes of an answer that are read at most. The catalogue's is a few thousand long. */
const maximumAnswer = 1024 * 1024;

/** Asks with a GET that costs nothing. Never throws. The token goes to this address and nowhere else. */
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
    // A page is not the service's word, whatever its status: a proxy may want to be signed in to.
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
