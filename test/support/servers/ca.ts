import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/setup/run.ts";
import { serverProgram } from "../../../scripts/setup/servers.ts";

/** A certificate with its key: absolute paths of PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is for. */
interface CertificateWish {
  /** Host names and IPv4 addresses; a test's usual ones when left out. */
  readonly names?: readonly string[];
  /** True: it has ended two days ago. */
  readonly expired?: boolean;
}

/** A certificate authority that nobody trusts by itself. */
export interface Ca {
  /** Its own certificate, for NODE_EXTRA_CA_CERTS: absolute path of a PEM file. */
  readonly file: string;
  issue(wish?: CertificateWish): Promise<Certificate>;
}

const usualNames = ["origin.test", "s3.test", "*.s3.test", "localhost", "127.0.0.1"];
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const dayMs = 86_400_000;

/** Time as openssl takes it: YYYYMMDDHHMMSSZ. */
function time(days: number): string {
  return new Date(Date.now() + days * dayMs).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
}

/**
 * Makes a certificate authority in a folder of its own.
 * @param folder absolute; made when it is missing
 */
export async function makeCa(folder: string): Promise<Ca> {
  await mkdir(folder, { recursive: true });
  const openssl = (...args: readonly string[]) => run(serverProgram("openssl"), args, { cwd: folder });
  const self = ["-subj", "/CN=Test CA", "-addext", "keyUsage=critical,keyCertSign"];
  await openssl("req", "-x509", ...newKey, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", ...self);
  const settings = ["[ca]", "default_ca = here", "[here]", "database = index", "serial = serial", "new_certs_dir = ."];
  settings.push("default_md = sha256", "policy = any", "unique_subject = no", "[any]", "commonName = supplied");
  await writeFile(join(folder, "ca.conf"), `${settings.join("\n")}\n`);
  await writeFile(join(folder, "index"), "");
  await writeFile(join(folder, "serial"), "1000\n");
  let issued = 0;
  return {
    file: join(folder, "ca.pem"),
    issue: async ({ names = usualNames, expired = false } = {}) => {
      issued += 1;
      const name = `server-${issued}`;
      const alternative = names.map((each) => `${/^[\d.]+$/.test(each) ? "IP" : "DNS"}:${each}`).join(",");
      await writeFile(join(folder, `${name}.ext`), `subjectAltName=${alternative}\n`);
      const request = ["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${names[0] ?? "none"}`];
      await openssl("req", ...newKey, ...request);
      const [from, to] = expired ? [-4, -2] : [-1, 2];
      const span = ["-startdate", time(from), "-enddate", time(to)];
      const signer = ["-config", "ca.conf", "-batch", "-notext", "-cert", "ca.pem", "-keyfile", "ca.key"];
      await openssl("ca", ...signer, ...span, "-extfile", `${name}.ext`, "-in", `${name}.csr`, "-out", `${name}.pem`);
      return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
    },
  };
}
