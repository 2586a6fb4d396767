import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/setup/run.ts";
import { serverProgram } from "../../../scripts/setup/servers.ts";
import type { Certificate } from "./ca.ts";
import { freePorts, type Running, removeFolder, serverFolder, startProgram } from "./program.ts";

/** Ceph's S3 gateway with a whole Ceph behind it, in memory. It verifies SigV4, expiry and content hashes. */
export type S3 = AsyncDisposable & {
  /** Origin without a slash at the end: http. */
  readonly url: string;
  /** The same server's https port, undefined without a certificate; buckets are also hosts below `s3.test`. */
  readonly tlsPort: number | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The gateway's log so far: its requests with their status, without bodies. */
  accessLog(): Promise<string[]>;
  close(): Promise<void>;
};

/** How to start it. */
export interface S3Options {
  readonly tls?: Certificate;
}

/**
 * Starts monitor, storage and gateway on 127.0.0.1 (1.5 s). The caller makes its bucket by a signed PUT.
 * @throws Error when Ceph is missing or does not start
 */
export async function startS3({ tls }: S3Options = {}): Promise<S3> {
  const folder = await serverFolder("s3");
  const [port = 0, tlsPort = 0, monitorPort = 0] = await freePorts(3);
  const [accessKeyId, secretAccessKey] = ["TESTKEY", "testing"];
  const [cluster, osd] = [randomUUID(), randomUUID()];
  const monitor = `v2:127.0.0.1:${monitorPort}/0`;
  const secure = tls && ` ssl_endpoint=127.0.0.1:${tlsPort} ssl_certificate=${tls.cert} ssl_private_key=${tls.key}`;
  for (const each of ["mon", "osd"]) await mkdir(join(folder, each));
  const settings = [
    "[global]",
    `fsid = ${cluster}`,
    `mon host = ${monitor}`,
    "public addr = 127.0.0.1",
    // Otherwise the storage listens on all addresses.
    "cluster addr = 127.0.0.1",
    "auth cluster required = none",
    "auth service required = none",
    "auth client required = none",
    // Otherwise the gateway never gets in when auth is none.
    "ms mon client mode = crc",
    `mon data = ${folder}/mon`,
    // Otherwise one start in 30 takes 6 s.
    "mon tick interval = 1",
    `mon cluster log file = ${folder}/cluster.log`,
    `log file = ${folder}/$name.log`,
    "admin socket =",
    `osd data = ${folder}/osd`,
    "osd objectstore = memstore",
    "osd crush chooseleaf type = 0",
    "mon client hunt interval = 0.5",
    "osd pool default size = 1",
    "osd pool default pg num = 1",
    "mon allow pool size one = true",
    "paxos propose interval = 0.05",
    "rgw dns name = s3.test",
    // Without tcp_nodelay every other answer takes 40 ms more.
    `rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1${secure ?? ""}`,
  ];
  const env = { CEPH_CONF: join(folder, "ceph.conf") };
  await writeFile(env.CEPH_CONF, `${settings.join("\n")}\n`);
  const call = (program: string, ...args: readonly string[]) =>
    run(program, args, { cwd: folder, env: { ...process.env, ...env } });
  const servers: Running[] = [];
  const start = async (name: "ceph-mon" | "ceph-osd" | "radosgw", ...args: readonly string[]) => {
    const server = await startProgram(folder, serverProgram(name), [...args, "-f"], env);
    servers.push(server);
    return server;
  };
  const close = async () => {
    // Asked kindly, the storage waits 5 s for its monitor; nothing of it is kept anyway.
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
    await removeFolder(folder);
  };
  try {
    await call("monmaptool", "--create", "--fsid", cluster, "--addv", "a", monitor, "monmap");
    await call(serverProgram("ceph-mon"), "-i", "a", "--mkfs", "--monmap", "monmap");
    await start("ceph-mon", "-i", "a");
    await call("ceph", "--connect-timeout", "20", "osd", "new", osd);
    await call(serverProgram("ceph-osd"), "-i", "0", "--mkfs", "--osd-uuid", osd);
    await start("ceph-osd", "-i", "0");
    const keys = ["--access-key", accessKeyId, "--secret-key", secretAccessKey];
    await call("radosgw-admin", "user", "create", "--uid", "test", "--display-name", "test", ...keys);
    await (await start("radosgw", "-n", "client.rgw")).listening(port);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    tlsPort: tls && tlsPort,
    accessKeyId,
    secretAccessKey,
    accessLog: async () => {
      const lines = (await readFile(join(folder, "client.rgw.log"), "utf8")).split("\n");
      return lines.filter((line) => line.includes(" beast: ")).map((line) => line.slice(line.indexOf(" beast: ") + 8));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
