import { classify } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import { BrokenAnswer, formOf, isStorageWord, readText } from "../net/reading.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";

/** What is sent to the user's storage. */
interface StorageRequest {
  readonly method: "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** ms for the whole exchange. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** The most bytes of an error that are read: its code comes at the beginning. */
const maximumError = 65_536;

/**
 * Sends one request to the user's storage; redirects are not followed, since they name a wrong region or address.
 * @returns `done`, also if there was no object to delete; `gonePage` if a page reports that, which can come from the
 * storage or from something in front of it.
 * @throws {ProblemError} `storageUnreachable` if it may work later, `certificate` or `storageRefused` if it will not.
 */
export async function exchange(fetch: Fetch, request: StorageRequest): Promise<"done" | "gonePage"> {
  const { host } = new URL(request.url);
  const limit = AbortSignal.timeout(request.timeout);
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: "manual",
      signal: request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]),
      ...(request.body !== undefined && { body: request.body }),
    });
  } catch (error) {
    const { kind, reason } = classify(error);
    throw new ProblemError(
      kind === "certificate" ? { code: "certificate", host, reason } : { code: "storageUnreachable", host, reason },
      { cause: error },
    );
  }
  const { status } = response;
  if (response.ok) {
    // Apache answers with a page when it has created a file; no other page has that status.
    const form = status === 201 ? "empty" : await formOf(response);
    if (!isStorageWord(status, form)) {
      throw new ProblemError({ code: "storageUnreachable", host, reason: `HTTP ${status}, ${form}` });
    }
    await response.body?.cancel().catch(() => undefined);
    return "done";
  }
  if (request.method === "DELETE" && (status === 404 || status === 410)) {
    return ["page", "text"].includes(await formOf(response)) ? "gonePage" : "done";
  }
  throw new ProblemError(refusal(host, status, await errorCode(response)));
}

/** Error codes of S3 that say more than the status does. */
const reasons: Readonly<Record<string, Extract<Problem, { code: "storageRefused" }>["reason"]>> = {
  AccessDenied: "credentials",
  AuthorizationHeaderMalformed: "region",
  ExpiredToken: "credentials",
  InvalidAccessKeyId: "credentials",
  InvalidToken: "credentials",
  NoSuchBucket: "place",
  PermanentRedirect: "region",
  RequestTimeTooSkewed: "clock",
  SignatureDoesNotMatch: "credentials",
};

function refusal(host: string, status: number, serviceCode: string | undefined): Problem {
  if (status >= 500 || status === 429 || status === 408) {
    return { code: "storageUnreachable", host, reason: serviceCode ?? `HTTP ${status}` };
  }
  const known = serviceCode === undefined ? undefined : reasons[serviceCode];
  return {
    code: "storageRefused",
    host,
    status,
    reason: known ?? reasonOf(status),
    ...(serviceCode !== undefined && { serviceCode }),
  };
}

function reasonOf(status: number): Extract<Problem, { code: "storageRefused" }>["reason"] {
  if (status < 400) {
    return "redirect";
  }
  switch (status) {
    case 401:
    case 403:
      return "credentials";
    case 404:
    case 405:
    case 409:
    case 410:
      return "place";
    default:
      return "other";
  }
}

/** The code in an S3 error. The rest may hold the request that was signed, so nothing else is kept. */
async function errorCode(response: Response): Promise<string | undefined> {
  const text = await readText(response, maximumError).catch((error: unknown) =>
    error instanceof BrokenAnswer ? error.text : "",
  );
  return /<Code>([A-Za-z]{1,60})<\/Code>/.exec(text)?.[1];
}
