import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { INPUT_SCHEMA, type Price } from "./catalogue.ts";
import { changed, control, type SettingsChange } from "./control.ts";
import { Engine, type Settings } from "./engine.ts";
import { Exchanges } from "./exchanges.ts";
import type { FaultPlan } from "./faults.ts";
import { FaultBook } from "./faults.ts";
import { Books, type Ledger, type LedgerRequest } from "./ledger.ts";
import type { Timing } from "./runs.ts";

export type { FaultPlan, LedgerRequest, SettingsChange, Timing };

/** How to start a service; everything has a default. */
export type ServiceOptions = {
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** The token that every API call must carry; by default a random one. */
  readonly token?: string;
  /** Queue and run time in ms (default 600 and 1200); null waits for `advance`. */
  readonly timing?: Partial<Timing>;
  /** "lax" (default) as measured on the hosted service, or "strict" by the input schema. */
  readonly validation?: Settings["validation"];
  /** "refused": a body with a data URI is answered with 422, as nobody promises that the hosted service takes them. */
  readonly dataUris?: Settings["dataUris"];
  /** Default 0.05 USD per second of video. */
  readonly price?: Price;
  /** Balance at the start in USD, default 100. */
  readonly balance?: number;
  /** How a wrong token is answered: HTTP 401 + 401001 (default) or HTTP 400 + 400004. */
  readonly authError?: Settings["authError"];
  readonly faults?: FaultPlan;
  /** Host (`localhost`) or origin (`http://files.test:81`) that links in answers name; default the service's own. */
  readonly publicHost?: string;
  /** Clock of the runs in epoch ms; default the system's. */
  readonly now?: () => number;
};

/** A running service. */
export type Service = AsyncDisposable & {
  /** Origin without a slash at the end; the API is at `${url}/v1`. */
  readonly url: string;
  readonly token: string;
  /** A copy of the books as they are now. */
  readonly ledger: Ledger;
  /** The accepted submits, oldest first; the same as `ledger.requests`. */
  requests(): readonly LedgerRequest[];
  /** Replaces the fault plan; its counts start anew. @throws ZodError when the plan is not one. */
  setFaults(plan: FaultPlan): void;
  changeSettings(change: SettingsChange): void;
  /** Moves one run (or all) on without waiting; resolves when it is there, for "completed" with its file. */
  advance(to: "in_progress" | "completed", requestId?: string): Promise<void>;
  /** The bytes of the images that a request brought, as received. */
  uploads(requestId: string): { readonly start: Buffer; readonly end: Buffer } | undefined;
  /** Forgets all requests, the books and the faults. */
  reset(): void;
  /** Ends every connection and every encoder. */
  close(): Promise<void>;
};

function originFor(publicHost: string | undefined, port: number): string {
  if (publicHost === undefined) return `http://127.0.0.1:${port}`;
  return publicHost.includes("://") ? publicHost.replace(/\/$/, "") : `http://${publicHost}:${port}`;
}

function portOf(address: unknown): number {
  if (typeof address === "object" && address !== null && "port" in address && typeof address.port === "number") {
    return address.port;
  }
  throw new Error("the service has no TCP address");
}

/**
 * Starts a service on loopback that speaks the RunComfy Model API (`docs/service.md`) and makes
 * real videos.
 * @throws Error when the port is taken, ZodError when the fault plan is not one
 */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const stop = new AbortController();
  const token = options.token ?? `local-${randomBytes(16).toString("hex")}`;
  const settings: Settings = changed(
    {
      timing: { queueMs: 600, runMs: 1200, ...options.timing },
      validation: "lax",
      dataUris: "accepted",
      price: { usd: 0.05, unit: "second" },
      balance: 100,
      authError: "401001",
      tokens: [token],
      inputSchema: INPUT_SCHEMA,
    },
    {
      validation: options.validation,
      dataUris: options.dataUris,
      price: options.price,
      balance: options.balance,
      authError: options.authError,
    },
  );
  const engine = new Engine(settings, options.now ?? Date.now, stop.signal);
  const books = new Books();
  let faults = new FaultBook(options.faults ?? []);
  const ledger = () => books.read(engine.runs, engine.now());
  const setFaults = (plan: unknown) => {
    faults = new FaultBook(plan);
  };
  const reset = () => {
    engine.forget();
    books.clear();
    setFaults([]);
  };
  const controlled = { engine, ledger, setFaults, reset };

  const server = createServer();
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  const exchanges = new Exchanges({
    engine,
    books,
    origin: originFor(options.publicHost, port),
    strike: (call, requestIndex) => faults.strike(call, requestIndex),
    control: (method, path, body) => control(controlled, method, path, body),
  });
  server.on("request", (request, response) => void exchanges.serve(request, response));

  const close = async () => {
    if (stop.signal.aborted) return;
    stop.abort();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await Promise.all([closed, engine.settled()]);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    get ledger() {
      return ledger();
    },
    requests: () => ledger().requests,
    setFaults,
    changeSettings: (change) => {
      engine.settings = changed(engine.settings, change);
    },
    advance: (to, requestId) => engine.advance(to, requestId),
    uploads: (requestId) => {
      const images = engine.find(requestId)?.images;
      return images && { start: images.start.bytes, end: images.end.bytes };
    },
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}
