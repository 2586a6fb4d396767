/** What every part that asks the network is handed: the host's `fetch`, or a test's. */
export type Fetch = typeof globalThis.fetch;
