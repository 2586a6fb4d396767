import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leadsToPrivate } from "../../../src/net/trust.ts";
import { checkTrusted, type Trust } from "../../../src/output/trust.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";

const hosted: Trust = { service: "https://model-api.runcomfy.net", hosts: ["files.test.invalid"] };
const local: Trust = { service: "http://127.0.0.1:8787", hosts: [] };

/** The host that was refused; undefined when the address is trusted. */
async function refused(address: string, trust: Trust): Promise<string | undefined> {
  try {
    const url = await checkTrusted(address, trust);
    assert.equal(url.href, new URL(address).href);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProblemError && error.problem.code === "hostNotTrusted", String(error));
    return error.problem.host;
  }
}

describe("trusted with the hosted service", () => {
  for (const address of [
    "https://playgrounds-storage-public.runcomfy.net/a/x_output.mp4",
    "https://serverless-api-storage.runcomfy.net/x.mp4?sig=1",
    "https://files.runcomfy.com/x.mp4",
    "https://runcomfy.net/x.mp4",
    "https://A.B.RunComfy.NET/x.mp4",
    "https://files.runcomfy.net:8443/x.mp4",
    "https://files.test.invalid/x.mp4",
  ]) {
    it(address, async () => assert.equal(await refused(address, hosted), undefined));
  }
});

describe("refused with the hosted service", () => {
  for (const [address, host] of [
    ["http://files.runcomfy.net/x.mp4", "files.runcomfy.net"],
    ["http://files.test.invalid/x.mp4", "files.test.invalid"],
    ["https://evilruncomfy.net/x.mp4", "evilruncomfy.net"],
    ["https://runcomfy.net.evil.com/x.mp4", "runcomfy.net.evil.com"],
    ["https://runcomfy.net@evil.com/x.mp4", "evil.com"],
    ["https://user:secret@files.runcomfy.net/x.mp4", "files.runcomfy.net"],
    ["https://user@files.runcomfy.net/x.mp4", "files.runcomfy.net"],
    ["https://evil.com/runcomfy.net/x.mp4", "evil.com"],
    ["https://evil.com?runcomfy.net", "evil.com"],
    ["https://evil.com#.runcomfy.net", "evil.com"],
    ["https://evil.com\\.runcomfy.net/x.mp4", "evil.com"],
    ["https://runcomfy.net./x.mp4", "runcomfy.net."],
    ["https://files.runcomfy.org/x.mp4", "files.runcomfy.org"],
    ["https://sub.files.test.invalid/x.mp4", "sub.files.test.invalid"],
    ["https://runcоmfy.net/x.mp4", "xn--runcmfy-djg.net"],
    ["https://files.xn--runcmfy-djg.net/x.mp4", "files.xn--runcmfy-djg.net"],
    ["ftp://files.runcomfy.net/x.mp4", "files.runcomfy.net"],
    ["file:///etc/passwd", ""],
    ["data:video/mp4;base64,AAAA", ""],
    ["javascript:alert(1)", ""],
    ["https://localhost/x.mp4", "localhost"],
    ["http://127.0.0.1/x.mp4", "127.0.0.1"],
    ["https://127.0.0.1/x.mp4", "127.0.0.1"],
    ["https://2130706433/x.mp4", "127.0.0.1"],
    ["https://0x7f.1/x.mp4", "127.0.0.1"],
    ["https://0177.0.0.1/x.mp4", "127.0.0.1"],
    ["https://127.1/x.mp4", "127.0.0.1"],
    ["https://[::1]/x.mp4", "[::1]"],
    ["https://[::ffff:127.0.0.1]/x.mp4", "[::ffff:7f00:1]"],
    ["https://0.0.0.0/x.mp4", "0.0.0.0"],
    ["https://169.254.169.254/latest/meta-data", "169.254.169.254"],
  ] as const) {
    it(address, async () => assert.equal(await refused(address, hosted), host));
  }

  it("what is no address", async () => {
    for (const address of [
      "",
      "x.mp4",
      "/x.mp4",
      "//files.runcomfy.net/x",
      "https://",
      "https://a b/",
      "https://[::1",
      "https://x:99999/",
    ]) {
      await assert.rejects(
        checkTrusted(address, hosted),
        (error: unknown) => error instanceof ProblemError && error.problem.code === "hostNotTrusted",
      );
    }
  });
});

describe("addresses of private networks, even where the user trusts the host", () => {
  for (const host of [
    "10.0.0.1",
    "100.64.1.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[ff02::1]",
    "[::ffff:a00:1]",
    "[::ffff:c0a8:101]",
    "[::ffff:7f00:1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b::7f00:1]",
  ]) {
    it(`refuses ${host}`, async () => {
      assert.equal(await refused(`https://${host}/x.mp4`, { ...hosted, hosts: [host] }), host);
    });
  }

  for (const host of [
    "8.8.8.8",
    "172.32.0.1",
    "198.18.0.5",
    "100.128.0.1",
    "[2606:4700::1111]",
    "[::ffff:808:808]",
    "[64:ff9b::808:808]",
  ]) {
    it(`takes ${host}`, async () => {
      assert.equal(await refused(`https://${host}/x.mp4`, { ...hosted, hosts: [host] }), undefined);
    });
  }

  it("refuses a trusted name that leads there", async (test) => {
    const dns = await import("node:dns/promises");
    const { syncBuiltinESMExports } = await import("node:module");
    const answers: Record<string, string[]> = {
      "inside.files.example": ["10.1.2.3"],
      "mixed.files.example": ["203.0.113.7", "127.0.0.1"],
      "six.files.example": ["fd00::7"],
      "outside.files.example": ["8.8.8.8", "2606:4700::1111"],
      "nat64.files.example": ["64:ff9b::808:808"],
    };
    const asked = test.mock.method(dns.default, "lookup", async (host: string) =>
      (answers[host] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
    syncBuiltinESMExports();
    const names = Object.keys(answers);
    const trusting: Trust = { service: hosted.service, hosts: names };
    try {
      for (const host of ["inside", "mixed", "six"]) {
        assert.equal(await refused(`https://${host}.files.example/x`, trusting), `${host}.files.example`);
      }
      for (const host of ["outside", "nat64"]) {
        assert.equal(await refused(`https://${host}.files.example/x`, trusting), undefined);
      }
      assert.equal(asked.mock.callCount(), 5);
    } finally {
      asked.mock.restore();
      syncBuiltinESMExports();
    }
  });
});

describe("addresses and names in every spelling", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  /** Small, and the same for the same seed (Lehmer). */
  let state = (seed % 2147483646) + 1;
  const below = (limit: number) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  type V4 = readonly [number, number, number, number];
  const v4 = (value: number): V4 => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const words = ([a, b, c, d]: V4) => `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  const flipped = (address: V4): V4 => v4(~((address[0] << 24) | (address[1] << 16) | (address[2] << 8) | address[3]));

  const spellings = (address: V4): string[] => {
    const [a, b, c, d] = address;
    const value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    return [
      address.join("."),
      String(value),
      `0x${value.toString(16)}`,
      `0${a.toString(8)}.${b}.0x${hex(c)}.${d}`,
      `${a}.${value & 0xffffff}`,
      `${a}.${b}.${value & 0xffff}`,
      `${address.join(".")}.`,
      ...[`::ffff:${address.join(".")}`, `::FFFF:${words(address)}`, `0:0:0:0:0:ffff:${words(address)}`].map(
        (text) => `[${text}]`,
      ),
      ...[`64:ff9b::${address.join(".")}`, `64:ff9b:0:0:0:0:${words(address)}`].map((text) => `[${text}]`),
    ];
  };
  /** Forms of IPv6 with an IPv4 address inside that are refused whatever that is. */
  const wrappings = (address: V4): string[] =>
    [
      `::${address.join(".")}`,
      `0:0:0:0:0:0:${words(address)}`,
      `::ffff:0:${address.join(".")}`,
      `64:ff9b:1::${address.join(".")}`,
      `64:ff9b:1:${below(65536).toString(16)}::${words(address)}`,
      `2002:${words(address)}::1`,
      `2002:${words(address)}:${below(65536).toString(16)}::`,
      `2001:0:${words(address)}::${words(flipped(address))}`,
      `2001::${words(flipped(address))}`,
    ].map((text) => `[${text}]`);

  const networks: readonly (readonly [V4, number])[] = [
    [[0, 0, 0, 0], 8],
    [[10, 0, 0, 0], 8],
    [[100, 64, 0, 0], 10],
    [[127, 0, 0, 0], 8],
    [[169, 254, 0, 0], 16],
    [[172, 16, 0, 0], 12],
    [[192, 0, 0, 0], 24],
    [[192, 168, 0, 0], 16],
    [[224, 0, 0, 0], 3],
  ];
  const privates = networks.flatMap(([[a, b, c, d], prefix]) => {
    const first = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    const size = 2 ** (32 - prefix);
    return [first, first + size - 1, ...Array.from({ length: 5 }, () => first + below(size))].map((n) => v4(n >>> 0));
  });
  const publics: readonly V4[] = Array.from({ length: 20 }, () => [
    8 + below(2),
    1 + below(254),
    below(256),
    below(256),
  ]);
  const starts = [
    "fc00",
    "fdff",
    "fe80",
    "febf",
    "fec0",
    "feff",
    "ff02",
    "ffff",
    "0",
    "1",
    "4",
    "100",
    "1fff",
    "4000",
    "8000",
  ];
  const otherPrivates = starts.map((start) => `[${start}::${below(65536).toString(16)}]`);

  const trusting = (host: string): Trust => ({
    ...hosted,
    hosts: [new URL(`https://${host}/`).hostname, host.toLowerCase()],
  });
  const judge = async (host: string) => {
    try {
      await checkTrusted(`https://${host}/x.mp4`, trusting(host));
      return "taken";
    } catch (error) {
      assert.ok(error instanceof ProblemError && error.problem.code === "hostNotTrusted");
      return error.problem.never === true ? "never" : "asked about";
    }
  };

  it(`refuses private ones for good, SEED=${seed}`, async () => {
    const hosts = [
      ...privates.flatMap((address) => [...spellings(address), ...wrappings(address)]),
      ...publics.flatMap(wrappings),
      ...otherPrivates,
      "localhost",
      "LocalHost.",
      "a.localhost",
      "a.b.LOCALHOST.",
      "%6cocalhost",
      "ｌocalhost",
    ];
    for (const host of hosts) {
      assert.equal(await judge(host), "never", host);
      assert.ok(await leadsToPrivate(new URL(`https://${host}/`).hostname), host);
    }
  });

  it(`takes public ones that the user trusts, SEED=${seed}`, async () => {
    const sixes = ["2600", "2a00", "2001:200", "2001:4860", "2003", "2fff", "3ff0"].map(
      (start) => `[${start}:${below(65536).toString(16)}::${below(65536).toString(16)}]`,
    );
    for (const host of [...publics.flatMap(spellings), ...sixes]) {
      assert.equal(await judge(host), "taken", host);
    }
  });
});

describe("with a service on this machine", () => {
  for (const address of [
    "http://127.0.0.1:8787/outputs/x.mp4",
    "http://localhost:9000/x.mp4",
    "http://127.9.9.9/x.mp4",
    "http://[::1]:1/x.mp4",
    "https://localhost/x.mp4",
  ]) {
    it(`takes ${address}`, async () => assert.equal(await refused(address, local), undefined));
  }

  for (const address of [
    "http://192.168.1.1/x.mp4",
    "http://evil.com/x.mp4",
    "http://localhost.evil.com/x.mp4",
    "http://127.0.0.1.evil.com/x.mp4",
    "http://user:pw@127.0.0.1/x.mp4",
    "ftp://127.0.0.1/x.mp4",
    "http://[::ffff:127.0.0.1]/x.mp4",
  ]) {
    it(`refuses ${address}`, async () => assert.notEqual(await refused(address, local), undefined));
  }
});

describe("a host that is refused", () => {
  it("is told by a name no longer than names are", async () => {
    const host = await refused(`https://${"a.".repeat(300)}example/x.mp4`, hosted);
    assert.equal(host?.length, 253);
  });
});
