import { installPackages } from "./apt.ts";
import { findProgram } from "./programs.ts";
import { CommandFailed } from "./run.ts";

/** Programs that the tests start servers with, and the Debian package of each. */
const packageOf = {
  "ceph-mon": "ceph-mon",
  "ceph-osd": "ceph-osd",
  radosgw: "radosgw",
  nginx: "nginx",
  squid: "squid",
  openssl: "openssl",
} as const;

export type ServerProgram = keyof typeof packageOf;

const names: readonly ServerProgram[] = ["ceph-mon", "ceph-osd", "radosgw", "nginx", "squid", "openssl"];

/** Servers are kept where a user's PATH often does not lead. */
const furtherFolders = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

function find(name: ServerProgram): string | undefined {
  return findProgram([name], furtherFolders);
}

/**
 * Where a server's program is.
 * @throws Error that names it when it is missing
 */
export function serverProgram(name: ServerProgram): string {
  const path = find(name);
  if (path === undefined) throw new Error(`${name} is missing: install Debian's ${packageOf[name]}`);
  return path;
}

/**
 * Makes sure that the servers that tests use (S3, WebDAV, proxy) are there: those missing are installed with apt-get.
 * @throws Error that names all that are missing and cannot be installed
 */
export async function setUpServers(log: (line: string) => void): Promise<void> {
  const missing = names.filter((name) => find(name) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((name) => packageOf[name]);
  log(`installing ${packages.join(", ")} with apt-get`);
  let cause: unknown;
  try {
    await installPackages(packages);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    cause = error;
  }
  const still = names.filter((name) => find(name) === undefined);
  if (still.length === 0) return;
  const wanted = still.map((name) => packageOf[name]).join(" ");
  throw new Error(`${still.map((name) => `${name} is missing`).join(", ")}: install Debian's ${wanted}`, { cause });
}
