import assert from "node:assert/strict";
import { it } from "node:test";
import { isLoopback } from "../../../src/net/trust.ts";

it("knows this machine by its names and addresses", () => {
  for (const host of ["localhost", "127.0.0.1", "127.255.0.9", "::1", "[::1]"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of [
    "localhost.evil.com",
    "localhost.",
    "a.localhost",
    "127.0.0.1.evil.com",
    "127.evil.com",
    "0.0.0.0",
    "10.0.0.1",
    "",
    "::",
    "[::2]",
  ]) {
    assert.ok(!isLoopback(host), host);
  }
});
