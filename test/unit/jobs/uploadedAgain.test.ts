import assert from "node:assert/strict";
import { it } from "node:test";
import type { Client } from "../../../src/runcomfy/client.ts";
import { startEngine } from "../../support/engine/engine.ts";
import { startStorage } from "../../support/storage/storage.ts";
import { conform, freshStorage, submit } from "./engines.ts";

/** What a service finds at the addresses that a POST names. */
async function lookAt(body: Readonly<Record<string, string | number>>): Promise<number[]> {
  const addresses = Object.values(body).filter((value) => String(value).startsWith("http"));
  return Promise.all(addresses.map(async (address) => (await fetch(String(address))).status));
}

it("an image that is gone from the storage by the time it is used again is uploaded anew, before anything is paid", async () => {
  await using store = await startStorage();
  const storage = freshStorage();
  const found: number[][] = [];
  const unread = async () => ({ phase: "unread", problem: { code: "throttled" }, retryAfter: undefined }) as const;
  const client = (): Client => ({
    submit: async (body) => {
      found.push(await lookAt(body));
      if (found.length > 1) {
        return { outcome: "accepted", requestId: "paid" };
      }
      // The storage clears up while the job waits.
      await Promise.all([...store.objects.keys()].map((path) => fetch(`${store.url}${path}`, { method: "DELETE" })));
      return { outcome: "throttled", retryAfter: 1 };
    },
    status: unread,
    result: unread,
    cancel: unread,
  });
  const put = { url: `${store.url}/\${name}`, publicUrl: "", headers: {} };
  await using window = Object.assign(
    startEngine({ storage, token: "t", uploads: { put }, ports: { conform, client } }),
    {
      storage,
    },
  );
  const id = await submit(window, { hosting: "put" });
  await window.reaches(id, "queued");
  assert.deepEqual(found, [
    [200, 200],
    [200, 200],
  ]);
});
