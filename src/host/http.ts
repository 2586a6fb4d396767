import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { TLSSocket } from "node:tls";
import Agent from "undici/lib/dispatcher/agent.js";
import type { Fetch } from "../runcomfy/client.ts";
import { ProxyRefused } from "../runcomfy/failure.ts";

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
    const isSecure = (input instanceof Request ? input.url : String(input)).startsWith("https:");
    if (isSecure && !strictCertificates) {
      return fetchAnyCertificate(new Request(input, init));
    }
    // A kept connection can be dying when it is used; for a paid POST that would leave its outcome unclear without need.
    const fresh = init?.method === "POST" && !dispatcherAvoidsProxy;
    return globalThis.fetch(input, fresh ? { ...init, dispatcher: new Agent() } : init);
  };
}

/** `fetch` has no switch for certificates, Node's https client has one; VS Code leads both through its proxy. */
async function fetchAnyCertificate(wish: Request): Promise<Response> {
  const body = wish.body === null ? undefined : Buffer.from(await wish.arrayBuffer());
  return new Promise((resolve, reject) => {
    const sending = request(wish.url, {
      method: wish.method,
      headers: Object.fromEntries(wish.headers),
      signal: wish.signal,
      rejectUnauthorized: false,
    });
    sending.on("error", reject);
    sending.on("response", (answer) => {
      const { statusCode: status = 0 } = answer;
      // What answers in the clear to a secure request is a proxy that opened no way to the service.
      if (!(answer.socket instanceof TLSSocket)) {
        answer.destroy();
        reject(new ProxyRefused(status));
        return;
      }
      const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      resolve(new Response([204, 205, 304].includes(status) ? null : bodyOf(answer), { status, headers }));
    });
    sending.end(body);
  });
}

function bodyOf(answer: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = answer.iterator({ destroyOnReturn: true });
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

/** As VS Code's settings are when the user has changed none. */
export const defaultHttp: HttpSettings = { dispatcherAvoidsProxy: false, strictCertificates: true };
