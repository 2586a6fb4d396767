import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createInline } from "../../../src/hosting/inline.ts";
import type { Ports } from "../../../src/jobs/ports.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import { uncapped } from "../../support/engine/engine.ts";
import * as engines from "./engines.ts";
import { type Engine, engine, submit } from "./hurried.ts";

// With which token a job is sent and read: real engines, real HTTP, the local service's own books.

const { service } = engines;

describe("the token of a job", () => {
  /** A window whose user has several tokens, by name, one of them in use. */
  function wallet(tokens: Record<string, string | undefined>, inUse: string) {
    const state = { tokens, inUse };
    /** The name of the token that each paid request carried. */
    const paying: (string | undefined)[] = [];
    const noting: typeof fetch = (input, init) => {
      if (String(input).includes("/models/")) {
        const bearer = new Headers(init?.headers).get("authorization");
        paying.push(Object.keys(known).find((name) => bearer === `Bearer ${known[name]}`));
      }
      return fetch(input, init);
    };
    const known = { ...tokens };
    const ports: Partial<Ports> = {
      tokenInUse: async () => (state.tokens[state.inUse] === undefined ? undefined : state.inUse),
      client: (base, sentWith) =>
        createClient({
          base,
          fetch: noting,
          token: async () => state.tokens[state.inUse],
          ...(sentWith !== undefined && { sentWith: async () => state.tokens[sentWith] }),
        }),
    };
    return { state, ports, paying };
  }
  const queued = async (window: Engine) => {
    service.changeSettings({ timing: { queueMs: null, runMs: null } });
    const id = await submit(window);
    await window.reaches(id, "queued");
    return id;
  };

  it("goes on being read with the one it was sent with when another is set", async () => {
    const { state, ports } = wallet({ old: service.token, new: "another-account" }, "old");
    await using window = engine(ports);
    const id = await queued(window);
    state.inUse = "new";
    await service.advance("completed");
    const job = await window.reaches(id, "saved");
    assert.equal(job.sentWith, "old");
    const statuses = service.ledger.exchanges.filter(({ call }) => call !== "download").map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)], [200], "the new token was not even tried");
  });

  it("is replaced by the present one where it was revoked, or is gone", async () => {
    for (const old of [service.token, undefined]) {
      service.changeSettings({ tokens: [service.token, "new-token"] });
      const { state, ports } = wallet({ old: service.token, new: "new-token" }, "old");
      await using window = engine(ports);
      const id = await queued(window);
      state.inUse = "new";
      state.tokens.old = old;
      service.changeSettings({ tokens: ["new-token"] });
      await service.advance("completed");
      await window.reaches(id, "saved");
      assert.ok(!window.lines.join("\n").includes("new-token"));
    }
  });

  it("is the present one when it is sent again", async () => {
    const { state, ports } = wallet({ old: "revoked", new: service.token }, "old");
    await using window = engine(ports);
    const id = await submit(window);
    await window.reaches(id, "failed");
    state.inUse = "new";
    await window.jobs.sendAgain(id, uncapped);
    assert.equal((await window.reaches(id, "saved")).sentWith, "new");
    const file = await readFile(join(window.storage, "journal.sqlite"), "latin1");
    assert.ok(!file.includes(service.token) && !file.includes("revoked"), "no token is in the journal");
  });

  for (const [when, kept] of [
    ["while its images go up", true],
    ["while its images go up", false],
    ["right before it is sent", true],
    ["right before it is sent", false],
  ] as const) {
    const what = kept ? "another one is put into use" : "another one takes its place";
    it(`is the one in its row, also where ${what} ${when}`, async () => {
      service.changeSettings({ tokens: [service.token, "new-token"] });
      const { state, ports, paying } = wallet({ old: service.token, new: "new-token" }, "old");
      const change = () => {
        state.inUse = "new";
        state.tokens.old = kept ? service.token : undefined;
      };
      const inline = createInline(async () => undefined);
      const places: Record<typeof when, Partial<Ports>> = {
        "right before it is sent": { checkpoint: (name) => name === "sending" && change() },
        "while its images go up": {
          hosting: {
            storage: Object.create(null),
            inline: async (png) => {
              change();
              return inline(png);
            },
          },
        },
      };
      await using window = engine({ ...ports, ...places[when] });
      const id = await submit(window);
      const { sentWith } = await window.reaches(id, "saved");
      assert.deepEqual(paying, [sentWith]);
    });
  }

  it("tells which tokens are needed, as long as they are", async () => {
    const { ports } = wallet({ old: service.token }, "old");
    await using window = engine(ports);
    const id = await queued(window);
    assert.deepEqual(window.jobs.tokensInUse(), ["old"]);
    await service.advance("completed");
    await window.reaches(id, "saved");
    assert.deepEqual(window.jobs.tokensInUse(), []);
  });
});
