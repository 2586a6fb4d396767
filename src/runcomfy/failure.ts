/**
 * What a failed exchange means for the user's money: did the request leave this machine or not?
 * Source: architecture, "The job: states and laws", 1; the codes are Node's and undici's.
 */

/** `notSent`: certainly never reached the service. `certificate`: TLS was refused before anything was sent. */
export interface Failure {
  readonly kind: "notSent" | "certificate" | "unknown";
  /** A short technical reason: the error's code, else its name. */
  readonly reason: string;
}

const notSentCodes = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_NONAME",
  "ECONNREFUSED",
  "ENETUNREACH",
  "ENETDOWN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const certificateCode =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/;

/** The error itself, its causes, and the members of aggregate errors (several addresses tried), outermost first. */
function* chain(error: unknown): Generator<object> {
  if (typeof error !== "object" || error === null) {
    return;
  }
  yield error;
  if (error instanceof AggregateError) {
    for (const member of error.errors) {
      yield* chain(member);
    }
  }
  if (error instanceof Error) {
    yield* chain(error.cause);
  }
}

/** Reads what a rejected fetch says. Whatever is not known to have stayed here counts as `unknown`. */
export function classify(error: unknown): Failure {
  const codes: string[] = [];
  let name = "Error";
  for (const link of chain(error)) {
    const code: unknown = Reflect.get(link, "code");
    if (typeof code === "string") {
      codes.push(code);
    }
    if (link instanceof Error && link.name !== "TypeError" && link.name !== "Error") {
      name = link.name;
    }
  }
  const reason = codes[0] ?? name;
  const certificate = codes.find((code) => certificateCode.test(code));
  if (certificate !== undefined) {
    return { kind: "certificate", reason: certificate };
  }
  // Every address that was tried must have failed before sending; one reset among refusals leaves the answer open.
  if (codes.length > 0 && codes.every((code) => notSentCodes.has(code))) {
    return { kind: "notSent", reason };
  }
  return { kind: "unknown", reason };
}

/**
 * `Retry-After` in ms from now: seconds or an HTTP date; undefined when absent or unreadable. At most one hour, so that
 * a wrong header cannot stop the work.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : undefined;
}
