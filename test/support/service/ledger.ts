import type { Call } from "./faults.ts";
import { historyAt, isCharged, type Run, type RunState, stateAt } from "./runs.ts";

/** One HTTP exchange. `status` is null when no answer left; `path` carries the query. Times in epoch ms. */
export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly call: Call | null;
  readonly at: number;
  status: number | null;
  outcome: "pending" | "answered" | "reset" | "abandoned";
  faultId: string | null;
  endedAt: number | null;
};

/** One GET of an output file: `bytes` of body written, `completed` when all that was announced went out. */
export type Download = {
  readonly requestId: string | null;
  readonly path: string;
  readonly range: string | null;
  readonly at: number;
  status: number | null;
  bytes: number;
  completed: boolean;
};

/** Where an image of a request came from, and which bytes it was. */
type ImageFacts = {
  readonly source: "data" | "url" | "sample";
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
};

/**
 * One accepted submit. `parameters` is the body as sent, with data URIs shortened to type and length; `cost` in USD is
 * what this run costs, `charged` whether it was taken from the balance.
 */
export type LedgerRequest = {
  readonly requestId: string;
  readonly index: number;
  readonly modelId: string;
  readonly receivedAt: number;
  readonly bodySha256: string;
  readonly bodyBytes: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly images: { readonly start: ImageFacts; readonly end: ImageFacts } | null;
  readonly cost: number;
  readonly charged: boolean;
  readonly state: RunState;
  readonly failed: boolean;
  readonly cancelled: boolean;
  readonly history: readonly { readonly state: RunState; readonly at: number }[];
};

/** Everything that happened, as plain JSON; the same in-process and at `GET /_test/ledger`. */
export type Ledger = {
  readonly requests: readonly LedgerRequest[];
  readonly exchanges: readonly Readonly<Exchange>[];
  readonly downloads: readonly Readonly<Download>[];
  /** Requests outside the API (output files above all) that carried an Authorization header. */
  readonly tokenLeaks: readonly { readonly method: string; readonly path: string; readonly at: number }[];
  readonly chargedUsd: number;
};

function shortened(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("data:")) return value;
  const comma = value.indexOf(",");
  return `${value.slice(0, comma + 1)}(${value.length - comma - 1} characters)`;
}

function imageFacts(image: NonNullable<Run["images"]>["start"]): ImageFacts {
  return { source: image.source, type: image.type, bytes: image.bytes.length, sha256: image.sha256 };
}

function requestFacts(run: Run, now: number): LedgerRequest {
  return {
    requestId: run.id,
    index: run.index,
    modelId: run.modelId,
    receivedAt: run.receivedAt,
    bodySha256: run.bodySha256,
    bodyBytes: run.bodyBytes,
    parameters: Object.fromEntries(Object.entries(run.body).map(([key, value]) => [key, shortened(value)])),
    images: run.images ? { start: imageFacts(run.images.start), end: imageFacts(run.images.end) } : null,
    cost: run.cost,
    charged: isCharged(run, now),
    state: stateAt(run, now),
    failed: stateAt(run, now) === "ended" && run.making.kind === "failed",
    cancelled: run.cancelledAt !== undefined,
    history: historyAt(run, now),
  };
}

/** The books of one service; the truth for "paid once". The token itself is never written down. */
export class Books {
  #exchanges: Exchange[] = [];
  #downloads: Download[] = [];
  #leaks: { method: string; path: string; at: number }[] = [];

  openExchange(method: string, path: string, call: Call | null, at: number): Exchange {
    const exchange: Exchange = {
      method,
      path,
      call,
      at,
      status: null,
      outcome: "pending",
      faultId: null,
      endedAt: null,
    };
    this.#exchanges.push(exchange);
    return exchange;
  }

  openDownload(path: string, requestId: string | null, range: string | null, at: number): Download {
    const download: Download = { requestId, path, range, at, status: null, bytes: 0, completed: false };
    this.#downloads.push(download);
    return download;
  }

  noteLeak(method: string, path: string, at: number): void {
    this.#leaks.push({ method, path, at });
  }

  clear(): void {
    this.#exchanges = [];
    this.#downloads = [];
    this.#leaks = [];
  }

  /** A copy of the books at an instant (epoch ms). */
  read(runs: readonly Run[], now: number): Ledger {
    const requests = runs.map((run) => requestFacts(run, now));
    return {
      requests,
      exchanges: this.#exchanges.map((exchange) => ({ ...exchange })),
      downloads: this.#downloads.map((download) => ({ ...download })),
      tokenLeaks: this.#leaks.map((leak) => ({ ...leak })),
      chargedUsd: Math.round(requests.reduce((sum, run) => sum + (run.charged ? run.cost : 0), 0) * 1e6) / 1e6,
    };
  }
}
