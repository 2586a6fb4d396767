import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

/** One request as it reached the storage. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
}

/** How the storage answers in place of doing what it is asked. */
export interface Refusal {
  readonly method: "PUT" | "GET" | "DELETE";
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  /** The object is taken all the same. */
  readonly taken?: boolean;
  /** Only so many times. */
  readonly times?: number;
}

/** A folder on HTTP for tests that need no real server: PUT, GET and DELETE, with a fault now and then. */
export interface TestStorage extends AsyncDisposable {
  /** Origin. */
  readonly url: string;
  /** Paths of what lies there, with the bytes. */
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly seen: readonly Seen[];
  refuse(...refusals: Refusal[]): void;
  /** Refuses connections until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startStorage(): Promise<TestStorage> {
  const objects = new Map<string, Buffer>();
  const seen: Seen[] = [];
  let refusals: { left: number; refusal: Refusal }[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", headers } = request;
    const { pathname: path, search: query } = new URL(request.url ?? "/", "http://storage");
    const body = Buffer.from(await text(request.setEncoding("latin1")), "latin1");
    seen.push({ method, path, query, headers });
    const struck = refusals.find(({ refusal, left }) => refusal.method === method && left > 0);
    if (struck !== undefined) {
      struck.left -= 1;
      if (struck.refusal.taken && method === "PUT") objects.set(path, body);
      response.writeHead(struck.refusal.status, struck.refusal.headers).end(struck.refusal.body ?? "");
      return;
    }
    const found = objects.get(path);
    switch (method) {
      case "PUT":
        objects.set(path, body);
        response.writeHead(found === undefined ? 201 : 204).end();
        return;
      case "DELETE":
        objects.delete(path);
        response.writeHead(found === undefined ? 404 : 204).end();
        return;
      default:
        response.writeHead(found === undefined ? 404 : 200, { "content-type": "image/png" }).end(found);
    }
  });
  const open = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await open(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    seen,
    refuse(...list) {
      refusals = list.map((refusal) => ({ refusal, left: refusal.times ?? Number.POSITIVE_INFINITY }));
    },
    close,
    open: () => open(port),
    [Symbol.asyncDispose]: close,
  };
}
