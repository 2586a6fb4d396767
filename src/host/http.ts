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

/** VS Code's own settings that its `fetch` needs help to honor. */
export interface HttpSettings {
  /** True if `http.proxySupport` is "on": then a request with its own dispatcher bypasses the proxy. */
  readonly dispatcherAvoidsProxy: boolean;
  /** `http.proxyStrictSSL`: false accepts any certificate. */
  readonly strictCertificates: boolean;
}

/**
 * VS Code's own `fetch`, which honors its proxy settings, the environment's proxy variables and the system's
 * certificates (src/README.md, "Network"). We import only the Agent, from its own file: undici's index would register
 * dispatchers for the whole process and divert the traffic of every other extension. We use undici 7, because the host's
 * fetch rejects the handlers of undici 8.
 * @param settings read before each request
 */
export function createFetch(settings: () => HttpSettings): Fetch {
  return (input, init) => {
    const { dispatcherAvoidsProxy, strictCertificates } = settings();
    // A reused connection may be closing, which would needlessly leave the outcome of a paid POST unclear.
    const fresh = init?.method === "POST" && !dispatcherAvoidsProxy;
    const isSecure = (input instanceof Request ? input.url : String(input)).startsWith("https:");
    if (isSecure && !strictCertificates) {
      return fetchAnyCertificate(new Request(input, init), fresh);
    }
    return globalThis.fetch(input, fresh ? { ...init, dispatcher: new Agent() } : init);
  };
}

/**
 * Fetches with Node's https client, which can accept any certificate; `fetch` has no option for that. VS Code sends both
 * through its proxy. Rejects with {@link Unsent} if the connection, including TLS, was never established.
 */
async function fetchAnyCertificate(wish: Request, fresh: boolean): Promise<Response> {
  const body = wish.body === null ? undefined : Buffer.from(await wish.arrayBuffer());
  return new Promise((resolve, reject) => {
    let established = false;
    const sending = request(wish.url, {
      method: wish.method,
      headers: { "accept-encoding": encodings.join(", "), ...Object.fromEntries(wish.headers) },
      signal: wish.signal,
      rejectUnauthorized: false,
      ...(fresh && { agent: new HttpsAgent() }),
    });
    sending.on("socket", (socket) => {
      // VS Code provides connections in any state, even a proxy's own without TLS. After a finished handshake there is
      // always a last handshake message.
      established = !(socket instanceof TLSSocket) || socket.getPeerFinished() !== undefined;
      if (!established) {
        socket.once("secureConnect", () => {
          established = true;
        });
      }
    });
    sending.on("error", (error) => reject(established ? error : new Unsent(error)));
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
 * A response like that of `fetch`: decompressed, with its headers as received. If this throws, the caller must end the
 * connection; otherwise it would be reused.
 * @throws {ProxyRefused} if a proxy answered instead of opening a tunnel to the service
 */
function responseOf(answer: IncomingMessage): Response {
  const { statusCode = 0 } = answer;
  if (statusCode < 200) {
    throw new Error("The server left HTTP.");
  }
  // Only a proxy answers a secure request without TLS.
  if (!(answer.socket instanceof TLSSocket)) {
    throw new ProxyRefused(statusCode);
  }
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  // A status that Response rejects is not HTTP: something between here and the service is broken.
  const status = statusCode < 600 ? statusCode : 502;
  if ([204, 205, 304].includes(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(streamOf(decoded(answer), answer), { status, headers });
}

/** The encodings that `Accept-Encoding` asks for. */
const encodings = ["gzip", "deflate", "br"];

/** The most encodings of one response that we decode. */
const mostEncodings = 5;

/**
 * The decoded body. If a compressed body breaks off, this returns the part that arrived, as `fetch` does. An uncompressed
 * body, or one in an encoding that we did not ask for, stays unchanged: it may name a paid request.
 */
function decoded(answer: IncomingMessage): AsyncIterator<Uint8Array> {
  const named = (answer.headers["content-encoding"] ?? "").toLowerCase().split(",").reverse();
  const body = named.slice(0, mostEncodings).reduce<AsyncIterable<Buffer>>(decodedOnce, answer);
  return body[Symbol.asyncIterator]();
}

/** How JSON and web pages begin, but no compressed data. Such a body stays unchanged, whatever its headers say. */
const inTheClear = /^\s*(\{\s*"|<[!?a-z])/i;

async function* decodedOnce(encoded: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  let broken: { readonly error: unknown } | undefined;
  async function* asFarAsItCame() {
    try {
      yield* encoded;
    } catch (error) {
      broken = { error };
    }
  }
  const chunks = asFarAsItCame();
  const first = await chunks.next();
  if (!first.done) {
    const isClear = inTheClear.test(first.value.toString("latin1", 0, 32));
    const decoder = isClear ? undefined : decoderOf(encoding.trim(), first.value[0] ?? 0);
    async function* whole(begin: Buffer) {
      yield begin;
      yield* chunks;
    }
    const all = whole(first.value);
    yield* decoder === undefined ? all : pipeline(Readable.from(all), decoder, () => undefined);
  }
  if (broken !== undefined) {
    throw broken.error;
  }
}

/** The decoder for an encoding, for bytes that begin with `first`; undefined to use them unchanged. */
function decoderOf(encoding: string, first: number): Duplex | undefined {
  const lenient = { flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH };
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return first === 0x1f ? createGunzip(lenient) : undefined;
    case "deflate":
      // Some servers send it without the zlib header, and browsers accept both.
      return (first & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient);
    case "br":
      return createBrotliDecompress({ flush: zlib.BROTLI_OPERATION_FLUSH, finishFlush: zlib.BROTLI_OPERATION_FLUSH });
    case "zstd":
      return createZstdDecompress({ flush: zlib.ZSTD_e_continue, finishFlush: zlib.ZSTD_e_flush });
    default:
      return undefined;
  }
}

/** Yields the chunks on demand, and destroys `answer` if the consumer stops early. */
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
