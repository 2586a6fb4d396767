import Agent from "undici/lib/dispatcher/agent.js";
import type { Fetch } from "../runcomfy/client.ts";

/**
 * VS Code's own `fetch`, which honours its proxy settings and the system's certificates, with time limits of our own.
 * Only the Agent is imported, from its own file: undici's index would register dispatchers for the whole process and
 * divert every other extension's traffic. Undici 7, because the host's fetch refuses the handlers of 8.
 */
export function createFetch(): { readonly fetch: Fetch; close(): Promise<void> } {
  const limits = { connect: { timeout: 10_000 }, headersTimeout: 300_000, bodyTimeout: 60_000 };
  const shared = new Agent({ ...limits, connections: 8 });
  // A kept connection can be dying when it is used; for a paid POST that would leave its outcome unclear without need.
  const fresh = new Agent({ ...limits, connections: 8, pipelining: 0 });
  return {
    fetch: (input, init) => globalThis.fetch(input, { ...init, dispatcher: init?.method === "POST" ? fresh : shared }),
    async close() {
      await Promise.all([shared.destroy(), fresh.destroy()]);
    },
  };
}
