import type { Certificate } from "./ca.ts";
import { startNginx } from "./nginx.ts";
import { serverFolder } from "./program.ts";

/** An nginx that speaks https on several ports of 127.0.0.1 and hands every request on to one http server. */
export type Front = AsyncDisposable & {
  /** Lines of the access log so far: from which address, user, request, status. */
  accessLog(): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * Starts nginx before a server that speaks http only.
 * @param origin of that server
 * @param doors free ports, each with the certificate that is shown there
 * @throws Error when nginx is missing or does not start
 */
export async function startFront(origin: string, doors: ReadonlyMap<number, Certificate>): Promise<Front> {
  const [first = 0] = doors.keys();
  const servers = [...doors].map(
    ([port, { cert, key }]) => `server {
    listen 127.0.0.1:${port} ssl; listen 127.0.0.3:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / { proxy_pass ${origin}; proxy_http_version 1.1; proxy_set_header host $http_host; proxy_buffering off; }
  }`,
  );
  const { accessLog, close } = await startNginx(await serverFolder("front"), servers.join("\n"), first);
  return { accessLog, close, [Symbol.asyncDispose]: close };
}
