import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a service that can be closed: then connections are refused, and those that stand are cut. */
export interface Gate {
  /** Origin to use in place of the service's. */
  readonly url: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a closed gate before the service at this origin. */
export async function makeGate(service: string): Promise<Gate> {
  const target = Number(new URL(service).port);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    const onward = connect(target, "127.0.0.1");
    keep(socket);
    keep(onward);
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
    socket.pipe(onward).pipe(socket);
    // Connections that came in just before the gate was closed are told of only after it.
    if (!server.listening) {
      socket.destroy();
    }
  });
  const port = await freePort(server);
  return {
    url: `http://127.0.0.1:${port}`,
    async open() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async close() {
      if (server.listening) {
        await stop(server, sockets);
      }
    },
  };
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) {
    socket.destroy();
  }
  await closed;
}

/** A port below those that systems give to outgoing connections, so that it stays free while the gate is closed. */
async function freePort(server: Server): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      await stop(server, new Set());
      return port;
    } catch {
      // Taken: another one.
    }
  }
}
