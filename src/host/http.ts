import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request } from "node:https";
import { type Duplex, pipeline, Readable } from "node:stream";
import { TLSSocket } from "node:tls";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  constants as zlib,
} from "node:zlib";
import Agent from "undici/lib/dispatcher/agent.js";
import { ProxyRefused, Unsent } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";

/** VS Code's own settings, as far as its `fetch` needs help to honour them. */
export interface HttpSettings {
  /** `http.proxySupport` is "on": a request with a dispatcher of its own goes around the proxy. */
  readonly dispatcherAvoidsProxy: boolean;
  /** `http.proxyStrictSSL`: false takes any certificate. */
  readonly strictCertificates: boolean;
}

/**
 * VS Code's own `fetch`, which honours its proxy settings, the environment's proxy variables and the system's
 * certificates (src/README.md, "Network").
 * Only the Agent is imported, from its own file: undici's index would register dispatchers for the whole process and
 * divert every other extension's traffic. Undici 7, because the host's fetch refuses the handlers of 8.
 * @param settings asked before each request
 */
export function createFetch(settings: () => HttpSettings): Fetch {
  return (input, init) => {
    const { dispatcherAvoidsProxy, strictCertificates } = settings();
    // A kept connection can be dying when it is used; for a paid POST that would leave its outcome unclear without need.
    const fresh = init?.method === "POST" && !dispatcherAvoidsProxy;
    const isSecure = (input instanceof Request ? input.url : String(input)).startsWith("https:");
    if (isSecure && !strictCertificates) {
      return fetchAnyCertificate(new Request(input, init), fresh);
    }
    return globalThis.fetch(input, fresh ? { ...init, dispatcher: new Agent() } : init);
  };
}

/**
 * `fetch` has no switch for certificates, Node's https client has one; VS Code leads both through its proxy. Rejects with
 * {@link Unsent} where the connection, TLS included, never stood.
 */
async function fetchAnyCertificate(wish: Request, fresh: boolean): Promise<Response> {
  const body = wish.body === null ? undefined : Buffer.from(await wish.arrayBuffer());
  return new Promise((resolve, reject) => {
    let stood = false;
    const sending = request(wish.url, {
      method: wish.method,
      headers: { "accept-encoding": packings.join(", "), ...Object.fromEntries(wish.headers) },
      signal: wish.signal,
      rejectUnauthorized: false,
      ...(fresh && { agent: new HttpsAgent() }),
    });
    sending.on("socket", (socket) => {
      // VS Code hands over connections in any state, a proxy's own in the clear too. No handshake that is over is without
      // its last message.
      stood = !(socket instanceof TLSSocket) || socket.getPeerFinished() !== undefined;
      if (!stood) {
        socket.once("secureConnect", () => {
          stood = true;
        });
      }
    });
    sending.on("error", (error) => reject(stood ? error : new Unsent(error)));
    sending.on("response", (answer) => {
      try {
        resolve(responseOf(answer));
      } catch (error) {
        answer.destroy();
        reject(error);
      }
    });
    sending.end(body);
  });
}

/**
 * An answer as `fetch` gives it: unpacked, with its headers as they came. Whoever gets none must end the connection, which
 * would else be used again.
 * @throws {ProxyRefused} where a proxy answered that opened no way to the service
 */
function responseOf(answer: IncomingMessage): Response {
  const { statusCode = 0 } = answer;
  if (statusCode < 200) {
    throw new Error("The server left HTTP.");
  }
  // What answers in the clear to a secure request is a proxy.
  if (!(answer.socket instanceof TLSSocket)) {
    throw new ProxyRefused(statusCode);
  }
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  // A number that no Response takes is no HTTP: something between here and the service is broken.
  const status = statusCode < 600 ? statusCode : 502;
  if ([204, 205, 304].includes(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(streamOf(unpacked(answer), answer), { status, headers });
}

/** What `Accept-Encoding` asks for. */
const packings = ["gzip", "deflate", "br"];

/** Packings of one answer that are undone at most. */
const mostPackings = 5;

/**
 * The body in the clear. A packed one that breaks off gives what came of it, as with `fetch`; what is not packed, or in a way
 * that nobody asked for, comes as it is: it may name a request that was paid.
 */
function unpacked(answer: IncomingMessage): AsyncIterator<Uint8Array> {
  const named = (answer.headers["content-encoding"] ?? "").toLowerCase().split(",").reverse();
  const body = named.slice(0, mostPackings).reduce<AsyncIterable<Buffer>>(unpackedOnce, answer);
  return body[Symbol.asyncIterator]();
}

/** How JSON and pages begin, and nothing that is packed: what says so all the same comes as it is. */
const inTheClear = /^\s*(\{\s*"|<[!?a-z])/i;

async function* unpackedOnce(packed: AsyncIterable<Buffer>, packing: string): AsyncGenerator<Buffer> {
  let broken: { readonly error: unknown } | undefined;
  async function* asFarAsItCame() {
    try {
      yield* packed;
    } catch (error) {
      broken = { error };
    }
  }
  const chunks = asFarAsItCame();
  const first = await chunks.next();
  if (!first.done) {
    const isClear = inTheClear.test(first.value.toString("latin1", 0, 32));
    const unpacker = isClear ? undefined : unpackerOf(packing.trim(), first.value[0] ?? 0);
    async function* whole(begin: Buffer) {
      yield begin;
      yield* chunks;
    }
    const all = whole(first.value);
    yield* unpacker === undefined ? all : pipeline(Readable.from(all), unpacker, () => undefined);
  }
  if (broken !== undefined) {
    throw broken.error;
  }
}

/** What undoes a packing, for bytes that begin like this; undefined where they are to be taken as they are. */
function unpackerOf(packing: string, first: number): Duplex | undefined {
  const lenient = { flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH };
  switch (packing) {
    case "gzip":
    case "x-gzip":
      return first === 0x1f ? createGunzip(lenient) : undefined;
    case "deflate":
      // Some send it without its frame, and browsers take both.
      return (first & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient);
    case "br":
      return createBrotliDecompress({ flush: zlib.BROTLI_OPERATION_FLUSH, finishFlush: zlib.BROTLI_OPERATION_FLUSH });
    case "zstd":
      return createZstdDecompress({ flush: zlib.ZSTD_e_continue, finishFlush: zlib.ZSTD_e_flush });
    default:
      return undefined;
  }
}

/** Gives the chunks one by one as they are asked for; `answer` ends where nobody wants more. */
function streamOf(chunks: AsyncIterator<Uint8Array>, answer: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(new Uint8Array(value));
      }
    },
    cancel() {
      answer.destroy();
    },
  });
}
