import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkReadable } from "../../../src/hosting/readable.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

describe("the address of an image", () => {
  const file = { kind: "file", path: "/p/a.png" } as const;
  const image = (host: string) => ({ kind: "url", url: `https://${host}/a.png` }) as const;

  for (const host of [
    "localhost",
    "localhost.",
    "my.localhost",
    "127.0.0.1",
    "2130706433",
    "127.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1:8443",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[fd00::1]",
    "[fe80::1]",
    "nas",
    "nas.local",
    "printer.lan",
    "build.internal",
    "box.home.arpa",
  ]) {
    it(`at ${host} is refused before it is sent, on either side`, async () => {
      for (const pair of [
        { start: image(host), end: file },
        { start: file, end: image(host) },
      ]) {
        const side = pair.start === file ? "end" : "start";
        await assert.rejects(checkReadable(pair), (error: unknown) => {
          assert.ok(error instanceof ProblemError && error.problem.code === "imageAddressPrivate", String(error));
          assert.equal(error.problem.side, side);
          return true;
        });
      }
    });
  }

  it("at a public host, or one that only the service can resolve, is taken", async () => {
    for (const host of ["1.1.1.1", "[2606:4700::1111]", "pictures.test.invalid"]) {
      await checkReadable({ start: image(host), end: image(host) });
    }
    await checkReadable({ start: file, end: file });
  });
});
