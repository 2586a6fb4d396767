import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { userInfo } from "node:os";
import { join } from "node:path";
import { serverProgram } from "../../../scripts/setup/servers.ts";
import { removeFolder, startProgram } from "./program.ts";

/** A running nginx. */
export interface Nginx {
  /** Lines of the access log: who, user, request, status of every request whose effect can be seen by now. */
  accessLog(): Promise<string[]>;
  /** Ends it and deletes its folder. */
  close(): Promise<void>;
}

/**
 * Starts nginx in a folder of its own.
 * @param servers its `server { … }` blocks
 * @param port one that it listens on, at 127.0.0.1
 * @throws Error when nginx is missing or does not start
 */
export async function startNginx(folder: string, servers: string, port: number): Promise<Nginx> {
  await mkdir(join(folder, "tmp"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/tmp/${name};`,
  );
  const turn = join(folder, "turn");
  const { username, uid } = userInfo();
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
${uid === 0 ? `user ${username};` : ""}
http {
  include /etc/nginx/mime.types; ${temporary.join(" ")} client_max_body_size 32m;
  log_format short '$remote_addr $remote_user "$request" $status'; access_log ${folder}/access.log short;
  ${servers}
  server { listen unix:${turn}; access_log off; return 204; }
}
`,
  );
  const args = ["-e", `${folder}/error.log`, "-c", `${folder}/nginx.conf`];
  const nginx = await startProgram(folder, serverProgram("nginx"), args);
  const close = async () => {
    // Killed, it would leave its worker on the port.
    await nginx.stop("SIGTERM");
    await removeFolder(folder);
  };
  try {
    await nginx.listening(port);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    accessLog: async () => {
      // A request is written down after it has been carried out, but before the one worker takes another one up.
      await answered(turn);
      const text = await readFile(join(folder, "access.log"), "utf8");
      return text.split("\n").filter((line) => line !== "");
    },
    close,
  };
}

/** Resolves once a server on a Unix socket has answered a request. */
async function answered(socketPath: string): Promise<void> {
  const request = get({ socketPath, path: "/" });
  const [response]: IncomingMessage[] = await once(request, "response");
  response?.resume();
}
