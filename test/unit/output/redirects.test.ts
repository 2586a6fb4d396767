import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { download } from "../../../src/output/download.ts";
import { problemOf } from "../../support/problems.ts";
import { content, options, playing, type Step, sending } from "./downloads.ts";

describe("redirects", () => {
  const to =
    (location: string, status = 302): Step =>
    (response) =>
      response.writeHead(status, { Location: location }).end();

  it("to a trusted host are followed, also relative ones, without any token", async () => {
    await using other = await playing(sending());
    await using server = await playing(to("/there?x=1", 301), to(`${other.origin}/x.mp4`, 308));
    assert.equal(await download(options(server.origin)), content.length);
    assert.deepEqual(
      [...server.received, ...other.received].map(({ path, headers }) => [path, headers.authorization]),
      [
        ["/", undefined],
        ["/there?x=1", undefined],
        ["/x.mp4", undefined],
      ],
    );
  });

  for (const [location, host, never] of [
    ["https://evil.example/x.mp4", "evil.example", false],
    // The server of this test speaks http, and so does an address that only names a host.
    ["//evil.example/x.mp4", "evil.example", true],
    ["https://127.0.0.1.evil.example/", "127.0.0.1.evil.example", false],
    ["http://user:pw@127.0.0.1/", "127.0.0.1", true],
    ["http://169.254.169.254/latest", "169.254.169.254", true],
    ["file:///etc/passwd", "", true],
    ["https://", "?", true],
  ] as const) {
    it(`to ${location} are refused`, async () => {
      await using server = await playing(to(location));
      const problem = { code: "hostNotTrusted", host, ...(never && { never }) };
      assert.deepEqual(await problemOf(download(options(server.origin))), problem);
      assert.equal(server.received.length, 1);
    });
  }

  it("in a circle end", async () => {
    await using server = await playing(to("/again"));
    assert.deepEqual(await problemOf(download(options(server.origin))), {
      code: "downloadFailed",
      reason: "too many redirects",
    });
    assert.equal(server.received.length, 6);
  });

  it("without an address are no file", async () => {
    await using server = await playing((response) => response.writeHead(302).end("x"));
    assert.equal((await problemOf(download(options(server.origin)))).code, "downloadFailed");
  });

  it("of the hosted service never lead to this machine", async () => {
    await using server = await playing(sending());
    const redirecting: typeof fetch = async () =>
      new Response(null, { status: 302, headers: { Location: server.origin } });
    const trust = { service: "https://model-api.runcomfy.net", hosts: [] };
    const problem = await problemOf(download(options("https://files.runcomfy.net/x", { fetch: redirecting, trust })));
    assert.deepEqual(problem, { code: "hostNotTrusted", host: "127.0.0.1", never: true });
    assert.equal(server.received.length, 0);
  });
});

it("never asks a host that is not trusted", async () => {
  let asked = 0;
  const counting: typeof fetch = async () => {
    asked += 1;
    return new Response("x");
  };
  const problem = await problemOf(download(options("https://evil.example/x", { fetch: counting })));
  assert.deepEqual(problem, { code: "hostNotTrusted", host: "evil.example" });
  assert.equal(asked, 0);
});
