import type { Problem } from "../shared/model/problem.ts";

/**
 * What a failed exchange means for the user's money: did the request leave this machine or not?
 * Source: `docs/paid-once.md`; the codes are Node's and undici's.
 */

/** `notSent`: certainly never reached the service. `certificate`: TLS was refused before anything was sent. */
interface Failure {
  readonly kind: "notSent" | "certificate" | "unknown";
  /** A short technical reason: the error's code, the proxy's status, else the error's name. */
  readonly reason: string;
  /** With `notSent`: it was the proxy that could not be reached, wants a sign-in or does not let the request through. */
  readonly proxy?: "unreachable" | "signIn" | "refused";
}

/** A proxy answered instead of opening a tunnel to the service: the request went nowhere. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
  readonly status: number;

  constructor(status: number) {
    super(`The proxy answered ${status}`);
    this.status = status;
  }
}

/**
 * A connection failed before it was established, TLS included; the cause says why. Thrown only where that was seen,
 * never inferred from a code.
 */
export class Unsent extends Error {
  override readonly name = "Unsent";

  constructor(cause: unknown) {
    super("Nothing was sent.", { cause });
  }
}

/** Codes that occur only before a connection is established. */
const earlyCodes = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_NONAME",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/**
 * System calls made before a connection is established. Their codes alone prove nothing: a read can fail with the same
 * ones.
 */
const earlyCalls = new Set(["getaddrinfo", "connect"]);

/** A certificate was rejected: these codes come from checking it, which happens before anything is sent. */
const certificateCode =
  /^(CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|ERR_TLS_CERT_)/;
/**
 * Codes that end a TLS handshake. They can also break a connection that has carried the request, so they prove nothing
 * alone.
 */
const handshakeCode =
  /^ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|NO_SHARED_CIPHER|VERSION_TOO_LOW|PACKET_LENGTH_TOO_LONG|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY|NO_APPLICATION_PROTOCOL)|.*UNRECOGNIZED_NAME)$/;

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

/** True if no connection was established to any of the addresses that were tried. */
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

/** HTTP status of a proxy that refused to open a tunnel. Undici reports it only in the text of its error. */
function refusalOf(error: Error): number | undefined {
  if (error instanceof ProxyRefused) {
    return error.status;
  }
  const status = /^Proxy response \((\d{3})\) /.exec(error.message)?.[1];
  return textOf(error, "code") === "UND_ERR_ABORTED" && status !== undefined ? Number(status) : undefined;
}

/** True if an error from before the connection names another host or port than the service's, which is the proxy's. */
function isElsewhere(error: Error, service: URL): boolean {
  const hostname: unknown = Reflect.get(error, "hostname");
  if (typeof hostname === "string") {
    return hostname !== service.hostname;
  }
  const attempted = /\(attempted address(?:es)?: [^ ,]*:(\d+)[, ]/.exec(error.message)?.[1];
  const port: unknown = attempted === undefined ? Reflect.get(error, "port") : Number(attempted);
  return typeof port === "number" && port !== Number(service.port || (service.protocol === "https:" ? 443 : 80));
}

/** How much of a failed request's body was handed out: not all of it, so that nobody received the request, or all. */
type Reach = "incomplete" | "whole";

/**
 * Classifies why a fetch was rejected. A request that may have left this machine counts as `unknown`.
 * @param address what was fetched, to tell the proxy's failures from the service's own
 * @param reach for a request that costs money if it is repeated; a read needs none
 */
export function classify(error: unknown, address?: string, reach?: Reach): Failure {
  const links = [...chain(error)];
  const codes = links.map((link) => textOf(link, "code")).filter((code) => code !== undefined);
  const name = links.findLast((link) => link.name !== "TypeError" && link.name !== "Error")?.name;
  const reason = codes[0] ?? name ?? "Error";
  const status = links.map(refusalOf).find((each) => each !== undefined);
  if (status !== undefined) {
    return { kind: "notSent", reason: String(status), proxy: status === 407 ? "signIn" : "refused" };
  }
  // The message of VS Code's HTTP client if it cannot reach a proxy; it keeps no cause.
  if (links.some(({ message }) => message.startsWith("Failed to establish a socket connection to proxies:"))) {
    return { kind: "notSent", reason: codes[0] ?? "connect", proxy: "unreachable" };
  }
  const unsent = reach === "incomplete" || links.some((link) => link instanceof Unsent);
  const certificate = codes.find(
    (code) =>
      certificateCode.test(code) ||
      ((unsent || reach === undefined) && handshakeCode.test(code)) ||
      // How a handshake ends if its answer arrives while it is still being written.
      (unsent && code === "EPROTO"),
  );
  if (certificate !== undefined) {
    return { kind: "certificate", reason: certificate };
  }
  if (unsent || neverConnected(error)) {
    const service = address === undefined ? null : URL.parse(address);
    const elsewhere = service !== null && links.some((link) => isElsewhere(link, service));
    return { kind: "notSent", reason, ...(elsewhere && { proxy: "unreachable" }) };
  }
  return { kind: "unknown", reason };
}

/** The failure as a problem to show; `host` is the one that the request was for. */
export function networkProblem({ kind, reason, proxy }: Failure, host: string): Problem {
  switch (kind) {
    case "notSent":
      return { code: "unreachable", host, reason, ...(proxy && { proxy }) };
    case "certificate":
      return { code: "certificate", host, reason };
    case "unknown":
      return { code: "serviceTrouble", reason };
  }
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
