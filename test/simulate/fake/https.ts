import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { world } from "../current.ts";
import { type Answered, networkError, type Sent } from "../network.ts";
import { mustBeRunning } from "../scheduler.ts";
import { TLSSocket } from "./tls.ts";

interface Options {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** As Node's client for HTTPS: it repeats nothing, and its errors come with the codes of the connection. */
class ClientRequest extends EventEmitter {
  readonly #url: URL;
  readonly #options: Options;
  readonly #process = mustBeRunning();

  constructor(url: string, options: Options) {
    super();
    this.#url = new URL(url);
    this.#options = options;
  }

  end(body: Uint8Array | undefined): void {
    const { method, headers, signal } = this.#options;
    const { scheduler, network } = world();
    const process = this.#process;
    const socket = new TLSSocket();
    let isOver = false;
    const give = (run: () => void) =>
      scheduler.after(0, process, () => {
        if (!isOver) {
          isOver = true;
          run();
        }
      });
    const stop = () => {
      if (!isOver) {
        isOver = true;
        this.emit("error", Object.assign(new Error("aborted", { cause: signal?.reason }), { code: "ABORT_ERR" }));
      }
    };
    signal?.addEventListener("abort", stop);
    scheduler.after(0, process, () => this.emit("socket", socket));
    const sent: Sent = {
      method,
      url: this.#url,
      headers: new Headers(headers),
      process,
      body: async () => {
        // It is handed over once the handshake is done.
        scheduler.after(0, process, () => socket.secure());
        return Buffer.from(body ?? "");
      },
    };
    network.exchange(sent, network.call()).then(
      (answered) => give(() => this.emit("response", messageOf(answered, socket))),
      (error: unknown) => give(() => this.emit("error", error)),
    );
  }
}

function messageOf(answered: Answered, socket: TLSSocket): Readable {
  const { status, headers, breaksAfter, body, arrived } = answered;
  const message = Readable.from(
    (function* () {
      yield body.subarray(0, breaksAfter ?? body.byteLength);
      if (breaksAfter !== undefined) {
        throw networkError("ECONNRESET", { syscall: "read" });
      }
      arrived?.();
    })(),
    { objectMode: false },
  );
  return Object.assign(message, {
    statusCode: status,
    headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    headers,
    socket,
  });
}

export class Agent {}

export function request(url: string, options: Options): ClientRequest {
  return new ClientRequest(url, options);
}
