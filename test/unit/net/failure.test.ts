import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { classify, ProxyRefused, retryAfterOf, Unsent } from "../../../src/net/failure.ts";

/** An error as Node's network layer makes it. */
const system = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code }, syscall === undefined ? {} : { syscall });
/** What a rejected fetch looks like. */
const rejected = (cause: unknown) => new TypeError("fetch failed", { cause });
const several = (...errors: Error[]) =>
  Object.assign(new AggregateError(errors), { code: Reflect.get(errors[0] ?? {}, "code") });

describe("classify", () => {
  for (const [code, syscall] of [
    ["ENOTFOUND", "getaddrinfo"],
    ["EAI_AGAIN", "getaddrinfo"],
    ["ECONNREFUSED", "connect"],
    ["ENETUNREACH", "connect"],
    ["EHOSTUNREACH", "connect"],
    ["ETIMEDOUT", "connect"],
    ["EADDRNOTAVAIL", "connect"],
    ["ENETDOWN", "connect"],
    ["UND_ERR_CONNECT_TIMEOUT", undefined],
  ] as const) {
    it(`${code} at ${syscall ?? "undici"} was never sent`, () => {
      assert.deepEqual(classify(rejected(system(code, syscall))), { kind: "notSent", reason: code });
    });
  }

  for (const [words, proxy, reason] of [
    ["Proxy response (407) !== 200 when HTTP Tunneling", "signIn", "407"],
    // As VS Code's own proxy support words it.
    ["Proxy response (407) ?.== 200 when HTTP Tunneling", "signIn", "407"],
    ["Proxy response (403) !== 200 when HTTP Tunneling", "refused", "403"],
    ["Proxy response (502) !== 200 when HTTP Tunneling", "refused", "502"],
  ] as const) {
    it(`“${words}” is a proxy that opened no way`, () => {
      const aborted = Object.assign(new Error(words), { name: "AbortError", code: "UND_ERR_ABORTED" });
      const cancelled = Object.assign(new Error("Request was cancelled.", { cause: aborted }), { code: 0 });
      assert.deepEqual(classify(rejected(cancelled)), { kind: "notSent", reason, proxy });
      // The same words from anywhere else prove nothing.
      assert.equal(classify(rejected(new Error(words))).kind, "unknown");
    });
  }

  it("tells the proxy's failures from the service's own by host and port", () => {
    const service = "https://service.test";
    const where = (facts: object) =>
      classify(rejected(Object.assign(system("ECONNREFUSED", "connect"), facts)), service).proxy;
    assert.equal(where({ port: 443, address: "192.0.2.1" }), undefined);
    assert.equal(where({ port: 3128, address: "192.0.2.1" }), "unreachable");
    assert.equal(where({ hostname: "service.test" }), undefined);
    assert.equal(where({ hostname: "proxy.test" }), "unreachable");
    const late = (attempted: string) =>
      Object.assign(new Error(`Connect Timeout Error (attempted address${attempted}, timeout: 10000ms)`), {
        code: "UND_ERR_CONNECT_TIMEOUT",
      });
    assert.equal(classify(rejected(late(": service.test:443")), service).proxy, undefined);
    assert.equal(classify(rejected(late("es: 192.0.2.1:3128, 192.0.2.2:3128")), service).proxy, "unreachable");
  });

  it("knows VS Code's words for a proxy that is not there", () => {
    const words = new Error("Failed to establish a socket connection to proxies: PROXY 192.0.2.1:3128");
    assert.deepEqual(classify(words), { kind: "notSent", reason: "connect", proxy: "unreachable" });
    assert.deepEqual(classify(new ProxyRefused(407)), { kind: "notSent", reason: "407", proxy: "signIn" });
  });

  // A connection that stood can die of the very same codes, after the request went out.
  for (const [code, syscall] of [
    ["ECONNRESET", "read"],
    ["EPIPE", "write"],
    ["ETIMEDOUT", "read"],
    ["EHOSTUNREACH", "read"],
    ["ENETUNREACH", "write"],
    ["ENETDOWN", "read"],
    ["UND_ERR_SOCKET", undefined],
    ["UND_ERR_HEADERS_TIMEOUT", undefined],
    ["UND_ERR_BODY_TIMEOUT", undefined],
    ["UND_ERR_ABORTED", undefined],
    ["HPE_INVALID_CONSTANT", undefined],
  ] as const) {
    it(`${code} at ${syscall ?? "undici"} leaves it open`, () => {
      assert.deepEqual(classify(rejected(system(code, syscall))), { kind: "unknown", reason: code });
    });
  }

  for (const code of [
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ]) {
    it(`${code} is a certificate that was refused before anything was sent`, () => {
      for (const reach of [undefined, "incomplete", "whole"] as const) {
        const failure = classify(rejected(system(code)), undefined, reach);
        assert.deepEqual(failure, { kind: "certificate", reason: code });
      }
    });
  }

  for (const code of [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_SSL_PACKET_LENGTH_TOO_LONG",
    "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
    "ERR_SSL_UNSUPPORTED_PROTOCOL",
  ]) {
    it(`${code} is TLS refused, unless all of a paid request had been given out`, () => {
      const failure = { kind: "certificate", reason: code };
      assert.deepEqual(classify(rejected(system(code))), failure);
      assert.deepEqual(classify(rejected(system(code)), undefined, "incomplete"), failure);
      assert.deepEqual(classify(rejected(new Unsent(system(code))), undefined, "whole"), failure);
      assert.equal(classify(rejected(system(code)), undefined, "whole").kind, "unknown");
    });
  }

  it("EPROTO is TLS refused only where the connection is known not to have stood", () => {
    const failure = { kind: "certificate", reason: "EPROTO" };
    assert.deepEqual(classify(rejected(system("EPROTO", "write")), undefined, "incomplete"), failure);
    assert.deepEqual(classify(new Unsent(system("EPROTO", "write")), undefined, "whole"), failure);
    assert.equal(classify(rejected(system("EPROTO", "write")), undefined, "whole").kind, "unknown");
  });

  it("a request whose body was not given out whole was not sent, whatever broke", () => {
    for (const code of ["ECONNRESET", "UND_ERR_SOCKET", "HPE_INVALID_CONSTANT"]) {
      assert.deepEqual(classify(rejected(system(code)), undefined, "incomplete"), { kind: "notSent", reason: code });
      assert.equal(classify(rejected(system(code)), undefined, "whole").kind, "unknown");
    }
  });

  for (const code of ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", "EPROTO"]) {
    it(`${code} can break a connection that stood`, () => {
      assert.equal(classify(rejected(system(code, "write"))).kind, "unknown");
    });
  }

  it("believes several addresses only when each of them failed before sending", () => {
    const refused = system("ECONNREFUSED", "connect");
    const unreachable = system("ENETUNREACH", "connect");
    const late = system("ETIMEDOUT", "connect");
    assert.equal(classify(rejected(several(refused, unreachable))).kind, "notSent");
    assert.equal(classify(rejected(several(late, unreachable))).kind, "notSent");
    assert.equal(classify(rejected(several(refused, system("ECONNRESET", "read")))).kind, "unknown");
    assert.equal(classify(rejected(several(refused, new Error("odd")))).kind, "unknown");
  });

  it("knows nothing of what has no code", () => {
    assert.deepEqual(classify(rejected(undefined)), { kind: "unknown", reason: "Error" });
    assert.deepEqual(classify("ECONNREFUSED"), { kind: "unknown", reason: "Error" });
    assert.deepEqual(classify(undefined), { kind: "unknown", reason: "Error" });
    assert.deepEqual(classify(new DOMException("late", "TimeoutError")), { kind: "unknown", reason: "TimeoutError" });
  });

  it("looks through wrapped causes", () => {
    const wrapped = new Error("proxy", { cause: rejected(system("ENOTFOUND", "getaddrinfo")) });
    assert.equal(classify(wrapped).kind, "notSent");
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const read = (value?: string) => retryAfterOf(new Headers(value === undefined ? {} : { "Retry-After": value }), now);

  it("is seconds or an HTTP date", () => {
    assert.equal(read("7"), 7000);
    assert.equal(read(" 120 "), 120_000);
    assert.equal(read("Sun, 01 Mar 2026 12:00:30 GMT"), 30_000);
  });

  it("is nothing when absent or senseless", () => {
    for (const value of [undefined, "", "soon", "-5", "1.5", "7s", "0x10"]) {
      assert.equal(read(value), undefined, String(value));
    }
  });

  it("can neither stop the work for long nor make it hammer", () => {
    assert.equal(read("99999999999"), 3_600_000);
    assert.equal(read("Sun, 01 Mar 2099 12:00:30 GMT"), 3_600_000);
    assert.equal(read("0"), 1000);
    assert.equal(read("Sun, 01 Mar 2020 12:00:30 GMT"), 1000);
  });
});
