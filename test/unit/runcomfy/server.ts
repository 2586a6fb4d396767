import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";

/** What a request brought. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server on loopback. Dispose of it with `await using`. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  readonly received: Received[];
}

async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return portOf(server.address());
}

export function portOf(address: string | AddressInfo | null): number {
  if (typeof address === "object" && address !== null) {
    return address.port;
  }
  throw new Error("no TCP address");
}

/** Serves with `handle`, which gets what was received; everything is kept in `received`. */
export async function serve(handle: (response: ServerResponse, request: Received) => void): Promise<TestServer> {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = "";
    try {
      for await (const chunk of request) {
        body += chunk;
      }
    } catch {
      return;
    }
    const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    received.push(one);
    handle(response, one);
  };
  const server = createServer(listener);
  const port = await listen(server);
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Serves raw bytes or resets: `act` gets each connection. */
export async function serveTcp(act: (socket: Socket) => void): Promise<AsyncDisposable & { readonly origin: string }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    act(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

/** A port of this machine at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  const closed = once(server, "close");
  server.close();
  await closed;
  return port;
}

/** Answers with JSON, or with text as it is. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown = undefined,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers);
  response.end(typeof body === "string" || body === undefined ? body : JSON.stringify(body));
}
