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

/** Codes that exist before a connection stands only. */
const earlyCodes = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_NONAME",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** System calls that come before a connection stands. Their codes alone tell nothing: a read can end in the same ones. */
const earlyCalls = new Set(["getaddrinfo", "connect"]);

/** What ends a TLS handshake. Other `ERR_SSL_` codes and `EPROTO` can break a connection that has carried the request. */
const certificateCode =
  /^(CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|ERR_TLS_CERT_)|^ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|NO_SHARED_CIPHER|VERSION_TOO_LOW|PACKET_LENGTH_TOO_LONG|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY|NO_APPLICATION_PROTOCOL)|.*UNRECOGNIZED_NAME)$/;

/** The error itself, its causes, and the members of aggregate errors (several addresses tried), outermost first. */
function* chain(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) {
    return;
  }
  yield error;
  if (error instanceof AggregateError) {
    for (const member of error.errors) {
      yield* chain(member);
    }
  }
  yield* chain(error.cause);
}

function textOf(error: Error, key: "code" | "syscall"): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : undefined;
}

/** True when a connection never stood: at none of the addresses that were tried, where there were several. */
function neverConnected(error: unknown): boolean {
  if (error instanceof AggregateError) {
    return error.errors.length > 0 && error.errors.every(neverConnected);
  }
  if (!(error instanceof Error)) {
    return false;
  }
  const code = textOf(error, "code");
  if (code === undefined) {
    return neverConnected(error.cause);
  }
  return earlyCodes.has(code) || earlyCalls.has(textOf(error, "syscall") ?? "");
}

/** Reads what a rejected fetch says. Whatever is not known to have stayed here counts as `unknown`. */
export function classify(error: unknown): Failure {
  const codes: string[] = [];
  let name = "Error";
  for (const link of chain(error)) {
    const code = textOf(link, "code");
    if (code !== undefined) {
      codes.push(code);
    }
    if (link.name !== "TypeError" && link.name !== "Error") {
      name = link.name;
    }
  }
  const reason = codes[0] ?? name;
  if (neverConnected(error)) {
    return { kind: "notSent", reason };
  }
  const certificate = codes.find((code) => certificateCode.test(code));
  return certificate === undefined ? { kind: "unknown", reason } : { kind: "certificate", reason: certificate };
}

/**
 * `Retry-After` in ms from now: seconds or an HTTP date; undefined when absent or unreadable. From one second
 * to one hour, so that a wrong header can neither make us hammer nor stop the work.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) {
    return undefined;
  }
  // Date.parse alone takes "1.5" and "-5" for dates long ago.
  const date = /GMT$/.test(text) ? Date.parse(text) - now : Number.NaN;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : date;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1000), 3_600_000);
}
