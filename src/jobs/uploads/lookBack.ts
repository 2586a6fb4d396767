import type { Fetch } from "../../net/fetch.ts";
import { readBytes } from "../../net/reading.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";

/** ms for one read of a public address. */
const readTimeout = 30_000;

/** True for a successful answer that is not the storage's own word, so that nobody knows whether it did what it was asked. */
export function isOpen(
  error: unknown,
): error is ProblemError & { problem: Extract<Problem, { code: "storageUnreachable" }> } {
  return (
    error instanceof ProblemError && error.problem.code === "storageUnreachable" && /^HTTP 2/.test(error.problem.reason)
  );
}

/**
 * Looks what lies at the public address of an image, as the service will: no credentials, no cookies, no redirects.
 * @returns `gone` if there certainly is nothing, `same` if these bytes lie there (where they are given); undefined if neither
 * can be told from here.
 */
export async function lookBack(
  fetch: Fetch,
  address: string,
  bytes?: Uint8Array,
): Promise<"gone" | "same" | undefined> {
  try {
    const response = await fetch(address, {
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(readTimeout),
    });
    if (!response.ok || bytes === undefined) {
      await response.body?.cancel();
      return response.status === 404 || response.status === 410 ? "gone" : undefined;
    }
    return (await readBytes(response, bytes.byteLength))?.equals(bytes) ? "same" : undefined;
  } catch {
    return undefined;
  }
}
