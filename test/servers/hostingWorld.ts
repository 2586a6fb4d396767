import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createStorage } from "../../src/hosting/storage.ts";
import type { Fetch } from "../../src/net/fetch.ts";
import type { UploadKind } from "../../src/shared/model/hosting.ts";
import { startEngine, type TestUploads, uncapped } from "../support/engine/engine.ts";
import { freePorts } from "../support/servers/program.ts";
import type { Service } from "../support/service/service.ts";

const pair = ["start", "end"].map(
  (side) => new URL(`../support/project/images/lighthouse_${side}.png`, import.meta.url),
);

/** Storage by these settings; `offset` in ms is how far its clock is ahead. */
export function storage(options: { uploads: TestUploads; fetch?: Fetch; offset?: number }) {
  const { uploads, fetch = globalThis.fetch, offset = 0 } = options;
  return createStorage({
    settings: (kind) => uploads[kind] ?? assert.fail(`no ${kind}`),
    credentials: async (kind) => uploads.credentials?.[kind]?.(),
    fetch,
    now: () => Date.now() + offset,
  });
}

/** An origin of this machine at which nobody listens. */
export const closed = async () => `http://127.0.0.1:${(await freePorts(1))[0]}`;

/** Reads as RunComfy does: without anything that tells who asks. */
export async function anonymously(address: string, fetch: Fetch = globalThis.fetch) {
  const response = await fetch(address, { redirect: "manual" });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** An engine with this storage and a folder of its own at `root`, and all that it has written down. */
export async function makeWorld(root: string, service: Service, uploads: TestUploads) {
  const videos = join(root, "videos");
  await mkdir(videos, { recursive: true });
  const engine = startEngine({ storage: join(root, "storage"), token: service.token, uploads });
  const [start = "", end = ""] = pair.map((url) => url.pathname);
  return {
    ...engine,
    async submit(hosting: UploadKind): Promise<string> {
      return engine.jobs.submit({
        start: { kind: "file", path: start },
        end: { kind: "file", path: end },
        prompt: "Slowly from one to the other.",
        parameters: { resolution: "480x480 (1:1)" },
        payment: async () => uncapped,
        hosting,
        service: service.url,
        folder: videos,
        fileName: "made",
      });
    },
    /** Resolves once nothing is left to delete. */
    async settled(): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => engine.jobs.uploads.isSettled() && resolve();
      const stop = engine.jobs.onDidChange(look);
      look();
      await promise;
      stop();
    },
    /** Everything that stays of a job: journal, recipe, log. */
    async written(): Promise<string> {
      const names = await readdir(root, { recursive: true });
      const kept = names.filter((file) => /\.(sqlite|json)$/.test(file));
      assert.ok(kept.length >= 2);
      const texts = await Promise.all(kept.map((file) => readFile(join(root, file), "latin1")));
      return [...texts, ...engine.lines].join("\n");
    },
  };
}
