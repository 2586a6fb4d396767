import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/setup/run.ts";
import { serverProgram } from "../../../scripts/setup/servers.ts";
import type { Certificate } from "./ca.ts";
import { startNginx } from "./nginx.ts";
import { freePorts, serverFolder } from "./program.ts";

/** An nginx that takes files by PUT with basic auth and shows them to everybody. */
export type Dav = AsyncDisposable & {
  /** Origin without a slash at the end: http. */
  readonly url: string;
  /** The same server's https port, undefined without a certificate; its name is whatever the certificate names. */
  readonly tlsPort: number | undefined;
  /** Needed for PUT and DELETE. */
  readonly user: string;
  readonly password: string;
  /** Absolute path of the folder with the files. */
  readonly files: string;
  /** Lines of the access log so far: who, user, request, status. */
  accessLog(): Promise<string[]>;
  close(): Promise<void>;
};

/** How to start it. */
export interface DavOptions {
  readonly tls?: Certificate;
}

/**
 * Starts nginx with WebDAV on 127.0.0.1. `GET /who` answers with the address that the request came from.
 * @throws Error when nginx is missing or does not start
 */
export async function startDav({ tls }: DavOptions = {}): Promise<Dav> {
  const folder = await serverFolder("dav");
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const files = join(folder, "www");
  await mkdir(files);
  const [user, password] = ["alice", "secret"];
  const hash = await run(serverProgram("openssl"), ["passwd", "-apr1", password], { cwd: folder });
  await writeFile(join(folder, "htpasswd"), `${user}:${hash}`);
  const secure = tls && `listen 127.0.0.1:${tlsPort} ssl; ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`;
  const server = `server {
    listen 127.0.0.1:${port}; ${secure ?? ""}
    root ${files}; dav_methods PUT DELETE; create_full_put_path on; dav_access user:rw all:r;
    location / { limit_except GET { auth_basic write; auth_basic_user_file ${folder}/htpasswd; } }
    location /who { return 200 "$remote_addr"; }
  }`;
  const { accessLog, close } = await startNginx(folder, server, port);
  return {
    url: `http://127.0.0.1:${port}`,
    tlsPort: tls && tlsPort,
    user,
    password,
    files,
    accessLog,
    close,
    [Symbol.asyncDispose]: close,
  };
}
