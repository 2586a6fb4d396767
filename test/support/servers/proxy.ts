import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/setup/run.ts";
import { serverProgram } from "../../../scripts/setup/servers.ts";
import { whenFolderShows } from "../vscode/waiting.ts";
import { freePorts, removeFolder, serverFolder, startProgram } from "./program.ts";

/** One exchange that went through the proxy, or that it refused. */
interface ProxyLine {
  /** Squid's result code, such as `TCP_TUNNEL/200` or `TCP_DENIED/407`. */
  readonly result: string;
  readonly method: string;
  /** `host:port` of a CONNECT, else an address. */
  readonly target: string;
  /** Who signed in, `-` for nobody. */
  readonly user: string;
}

/** A squid that forwards to anywhere, with 127.0.0.2 as its own address. */
export type ForwardProxy = AsyncDisposable & {
  readonly url: string;
  /** Its address with the right user and password in it; the plain one without `auth`. */
  readonly signedInUrl: string;
  readonly user: string;
  readonly password: string;
  /** What went through so far. A CONNECT is there when its tunnel has ended. */
  log(): Promise<ProxyLine[]>;
  /** Waits for a line of the log. */
  logged(what: string, match: (line: ProxyLine) => boolean): Promise<ProxyLine>;
  close(): Promise<void>;
};

/** How to start it. */
export interface ProxyOptions {
  /** True: only users with a password (basic). */
  readonly auth?: boolean;
  /** Names that this proxy alone knows; they lead to 127.0.0.1. */
  readonly names?: readonly string[];
}

const helper = "/usr/lib/squid/basic_ncsa_auth";

function parse(line: string): ProxyLine | undefined {
  const [, , , result, , method, target, user] = line.trim().split(/\s+/);
  if (result === undefined || method === undefined || target === undefined || user === undefined) return undefined;
  return { result, method, target, user };
}

/**
 * Starts squid on 127.0.0.1.
 * @throws Error when squid is missing or does not start
 */
export async function startProxy({ auth = false, names = [] }: ProxyOptions = {}): Promise<ForwardProxy> {
  const folder = await serverFolder("proxy");
  const [port = 0] = await freePorts(1);
  const [user, password] = ["bob", "proxypw"];
  const hash = await run(serverProgram("openssl"), ["passwd", "-apr1", password], { cwd: folder });
  await writeFile(join(folder, "htpasswd"), `${user}:${hash}`);
  await writeFile(join(folder, "hosts"), `127.0.0.1 ${["origin.test", "s3.test", ...names].join(" ")}\n`);
  const settings = [
    `http_port 127.0.0.1:${port}`,
    "pid_filename none",
    `cache_log ${folder}/cache.log`,
    `access_log stdio:${folder}/access.log`,
    `coredump_dir ${folder}`,
    `hosts_file ${folder}/hosts`,
    "tcp_outgoing_address 127.0.0.2",
    "cache deny all",
    "netdb_filename none",
    "pinger_enable off",
    "max_filedescriptors 4096",
    // Otherwise an open tunnel makes a stop take half a minute.
    "shutdown_lifetime 0 seconds",
    `auth_param basic program ${helper} ${folder}/htpasswd`,
    "auth_param basic children 1 startup=1",
    "acl users proxy_auth REQUIRED",
    `http_access allow ${auth ? "users" : "localhost"}`,
  ];
  await writeFile(join(folder, "squid.conf"), `${settings.join("\n")}\n`);
  // As root squid becomes this user, who writes the logs.
  if (process.getuid?.() === 0) await run("chown", ["proxy", folder], { cwd: folder });
  // It names squid's files in shared memory, which must differ per instance.
  const service = `t${port}`;
  const squid = await startProgram(folder, serverProgram("squid"), ["-N", "-n", service, "-f", `${folder}/squid.conf`]);
  const close = async () => {
    // Asked kindly it takes 2 s; killed it leaves only these files.
    await squid.stop("SIGKILL");
    const shared = (await readdir("/dev/shm")).filter((name) => name.startsWith(`${service}-`));
    await Promise.all(shared.map((name) => rm(join("/dev/shm", name), { force: true })));
    await removeFolder(folder);
  };
  try {
    await squid.listening(port);
  } catch (error) {
    await close();
    throw error;
  }
  const log = async () => {
    const text = await readFile(join(folder, "access.log"), "utf8").catch(() => "");
    const lines = text
      .split("\n")
      .map(parse)
      .filter((line) => line !== undefined);
    // The look whether it listens is a line too.
    return lines.filter((line) => !line.result.startsWith("NONE_NONE/000"));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    signedInUrl: auth ? `http://${user}:${password}@127.0.0.1:${port}` : `http://127.0.0.1:${port}`,
    user,
    password,
    log,
    logged: (what, match) => whenFolderShows(folder, what, async () => (await log()).find(match)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
