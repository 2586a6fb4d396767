import type { Event, Row, Sight } from "../row.ts";

const saved: Sight = { state: "saved" };
const hour = 3_600_000;
const megabytes = (count: number) => count * 1024 * 1024;
const never: Row["never"] = ["failed", "unclear", "needsAction", "cancelled"];

const roomAgain: Event = {
  at: "the journal cannot be read: database or disk is full",
  deeds: [{ storage: "roomy" }],
};

export const surroundingRows: readonly Row[] = [
  {
    name: "network: connection refused, then reachable",
    address: "gate",
    sees: [{ state: "waiting", says: "can’t be reached", offers: ["cancel"], then: [{ service: "reachable" }] }, saved],
    never,
  },
  {
    name: "network: the name is not known",
    address: "unknownHost",
    sees: [{ state: "waiting", says: "service.invalid couldn’t be resolved" }],
    books: { posts: 0, accepted: 0, paid: 0 },
  },
  {
    name: "network: TLS is refused",
    address: "tls",
    sees: [{ state: "failed", problem: "certificate", says: "Nothing was sent", offers: ["sendAgain", "remove"] }],
    books: { posts: 0, accepted: 0, paid: 0 },
  },
  {
    name: "network: goes away while it renders and comes back",
    address: "gate",
    before: [{ service: "reachable" }],
    during: [{ at: "after:queued", deeds: [{ service: "unreachable" }] }],
    sees: [{ state: "queued", problem: "unreachable", then: [{ service: "reachable" }] }, saved],
    never,
  },
  {
    name: "network: goes away before the result and comes back",
    address: "gate",
    before: [{ service: "reachable" }],
    during: [{ at: "status", deeds: [{ service: "unreachable" }] }],
    sees: [{ state: "running", problem: "unreachable", then: [{ service: "reachable" }] }, saved],
    never,
  },

  {
    name: "Generate refused: it would go beyond the monthly cap",
    payment: { estimate: 0.25, cap: 0.2, videoCaps: { day: null, month: null }, acceptsUnknown: true },
    refused: { problem: "capReached", says: "exceed your monthly cap of 0.20 USD" },
  },
  {
    name: "Generate refused: a cap, and nobody knows the price",
    payment: { estimate: undefined, cap: 5, videoCaps: { day: null, month: null }, acceptsUnknown: false },
    refused: { problem: "capUnsure", says: "your monthly cap of 5.00 USD can’t be guaranteed. Nothing was sent." },
  },
  { name: "Generate refused: no token", before: [{ token: "none" }], refused: { problem: "tokenMissing" } },
  {
    name: "token: removed before it was sent, then set",
    during: [{ at: "after:preparing", deeds: [{ token: "none" }] }],
    sees: [{ state: "waiting", says: "API token", then: [{ token: "right" }] }, saved],
    never,
  },
  {
    name: "token: wrong, then the right one is set and it is sent again",
    before: [{ token: "wrong" }],
    sees: [{ state: "failed", problem: "tokenRefused", then: [{ token: "right" }, { user: "sendAgain" }] }, saved],
    books: { posts: 2 },
  },
  {
    name: "token: removed while it renders, then set",
    during: [{ at: "after:queued", deeds: [{ token: "none" }] }],
    sees: [{ state: "queued", problem: "tokenMissing", then: [{ token: "right" }] }, saved],
    never,
  },
  {
    name: "token: revoked while it renders, then a new one is set",
    during: [{ at: "after:queued", deeds: [{ token: "wrong" }] }],
    sees: [{ state: "queued", problem: "tokenRefused", then: [{ token: "right" }] }, saved],
    never,
  },
  {
    name: "token: revoked before the result, then a new one is set",
    during: [{ at: "status", deeds: [{ token: "wrong" }] }],
    sees: [{ state: "running", problem: "tokenRefused", then: [{ token: "right" }] }, saved],
    never,
  },
  {
    name: "token: removed in the middle of a broken download, then set",
    faults: [{ on: "download", nth: 1, do: { resetBeforeAccept: true } }],
    during: [{ at: "result", deeds: [{ token: "none" }] }],
    sees: [
      { state: "downloading", problem: "downloadFailed" },
      { state: "downloading", problem: "tokenMissing", then: [{ token: "right" }] },
      saved,
    ],
    never,
    books: { downloads: 2 },
  },
  {
    name: "token: not needed any more once the result is known",
    during: [{ at: "result", deeds: [{ token: "none" }] }],
    never,
  },

  {
    name: "clock: sleeps for hours in the queue",
    during: [{ at: "after:queued", deeds: [{ clock: 8 * hour }] }],
    never,
  },
  { name: "clock: sleeps for hours while it renders", during: [{ at: "status", deeds: [{ clock: 8 * hour }] }], never },
  {
    name: "clock: sleeps for hours before it is sent",
    during: [{ at: "after:waiting", deeds: [{ clock: 8 * hour }] }],
    never,
  },
  {
    name: "clock: sleeps for hours while the request is on its way",
    during: [{ at: "submit", deeds: [{ clock: 8 * hour }] }],
    never,
  },
  {
    name: "clock: sleeps for hours between result and download",
    during: [{ at: "result", deeds: [{ clock: 8 * hour }] }],
    books: { downloads: 1 },
    never,
  },
  {
    name: "clock: sleeps for hours after the download",
    during: [{ at: "downloaded", deeds: [{ clock: 8 * hour }] }],
    ownPace: true,
    never,
  },
  {
    name: "clock: sleeps for hours before the rename",
    during: [{ at: "placing", deeds: [{ clock: 8 * hour }] }],
    never,
  },
  {
    name: "clock: set back by a day in the queue",
    during: [{ at: "after:queued", deeds: [{ clock: -24 * hour }] }],
    never,
    ownPace: true,
    timing: { runMs: 1500 },
  },
  {
    name: "clock: set back by a day while it waits for its turn to be sent",
    faults: [{ on: "submit", nth: 1, do: { respond: { status: 429, empty: true }, retryAfter: 1 } }],
    during: [{ at: "submit", deeds: [{ clock: -24 * hour }] }],
    sees: [{ state: "waiting" }, saved],
    ownPace: true,
    books: { posts: 2 },
    never,
  },
  {
    name: "clock: set back by a day just after it was turned away",
    faults: [{ on: "submit", nth: 1, do: { respond: { status: 429, empty: true }, retryAfter: 1 } }],
    sees: [{ state: "waiting", says: "accepts no more", then: [{ clock: -24 * hour }] }, saved],
    ownPace: true,
    books: { posts: 2 },
    never,
  },
  {
    name: "clock: set back by a day after the download",
    during: [{ at: "downloaded", deeds: [{ clock: -24 * hour }] }],
    never,
  },

  {
    name: "window: reloads while it renders",
    sees: [{ state: "queued", then: [{ window: "reloads" }] }, saved],
    never,
  },
  {
    name: "window: reloads in the middle of the download",
    faults: [{ on: "download", nth: 1, do: { slowBytes: { bytesPerSecond: 200_000 } } }],
    during: [{ at: "received", deeds: [{ window: "reloads" }] }],
    never,
    books: { downloads: 2 },
  },
  {
    name: "window: reloads while the request is on its way, answered in time",
    faults: [{ on: "submit", nth: 1, do: { delayMs: 700 } }],
    sees: [{ state: "submitting", then: [{ window: "reloads" }, { clock: 60_000 }] }, saved],
    never,
  },
  {
    name: "window: reloads while the request is on its way, answered too late to wait for",
    faults: [{ on: "submit", nth: 1, do: { delayMs: 4500 } }],
    sees: [{ state: "submitting", then: [{ window: "reloads" }, { clock: 60_000 }] }, saved],
    // The window that was closed lives on until the answer is there.
    never: ["failed", "unclear"],
  },

  {
    name: "Generate refused: no room for the prepared images",
    volume: { of: "storage", bytes: megabytes(4) },
    before: [{ storage: "full" }],
    refused: { problem: "folderUnusable", says: "isn’t enough space" },
  },
  {
    name: "Generate goes on later: no room for the prepared images, nor for taking the job back",
    volume: { of: "storage", bytes: megabytes(8) },
    during: [
      { at: "after:preparing", deeds: [{ storage: "full" }] },
      { at: "cannot be taken back: database or disk is full", deeds: [{ storage: "roomy" }] },
    ],
    never,
  },
  {
    name: "journal: the disk is full before it is sent, then there is room",
    volume: { of: "storage", bytes: megabytes(8) },
    during: [{ at: "before:submitting", deeds: [{ storage: "full" }] }, roomAgain],
    never,
  },
  {
    name: "journal: the disk is full while the answer is written, then there is room",
    volume: { of: "storage", bytes: megabytes(8) },
    during: [
      { at: "answered", deeds: [{ storage: "full" }] },
      { at: "before:queued", nth: 2, deeds: [{ storage: "roomy" }] },
    ],
    never,
  },
  {
    name: "journal: the disk is full while the end is written, then there is room",
    volume: { of: "storage", bytes: megabytes(8) },
    during: [{ at: "before:saved", deeds: [{ storage: "full" }] }, roomAgain],
    never,
  },
  {
    name: "journal: locked by another process for two seconds before it is sent",
    alone: true,
    during: [{ at: "before:submitting", deeds: [{ journalLockedFor: 2000 }] }],
    never,
  },
  {
    name: "journal: locked by another process for seven seconds while the answer is written",
    alone: true,
    during: [{ at: "answered", deeds: [{ journalLockedFor: 7000 }] }],
    never,
  },
  {
    name: "journal: locked by another process for seven seconds while the end is written",
    alone: true,
    during: [{ at: "before:saved", deeds: [{ journalLockedFor: 7000 }] }],
    never,
  },
];
