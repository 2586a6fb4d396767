import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageExtension } from "../../../scripts/package.ts";
import { root, vscodeCache, vsixFile } from "../../../scripts/paths.ts";
import { run } from "../../../scripts/setup/run.ts";
import type { InstalledVsCode } from "../../../scripts/setup/vscode.ts";
import { codeOf } from "../../../src/shared/errors.ts";

const oneHourMs = 3_600_000;

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/** Packages the companion extension, once for each state of its source; gives the absolute path of its VSIX. */
async function companionVsix(): Promise<string> {
  const source = join(root, "test", "support", "companion");
  const files = (await readdir(source)).sort().map((name) => join(source, name));
  const vsix = join(vscodeCache, `companion-${await hashOf(files)}.vsix`);
  if (!existsSync(vsix)) {
    const unfinished = `${vsix}.${process.pid}`;
    await packageExtension(source, unfinished);
    await rename(unfinished, vsix);
  }
  return vsix;
}

/** Folders of earlier builds go when nothing can be using them any more. */
async function removeOld(folder: string, keep: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (path !== keep && Date.now() - mtimeMs > oneHourMs) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Installs the packaged product and the companion into an extensions folder of a VS Code, which is kept and used again for
 * the same VSIX files.
 * @param env environment for VS Code's own installer
 * @returns absolute path of the folder, for `--extensions-dir`
 * @throws CommandFailed when VS Code refuses one
 */
export async function extensionsFolder(
  { version, node, entry }: InstalledVsCode,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const vsixFiles = [vsixFile, await companionVsix()];
  const parent = join(vscodeCache, `${version}-extensions`);
  const folder = join(parent, await hashOf(vsixFiles));
  const marker = join(folder, "installed");
  if (existsSync(marker)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await removeOld(parent, folder);
  const userData = await mkdtemp(join(tmpdir(), "wan-install-"));
  try {
    const dirs = ["--user-data-dir", userData, "--extensions-dir", folder];
    const install = vsixFiles.flatMap((file) => ["--install-extension", file]);
    await run(node, [entry, ...dirs, ...install], { cwd: root, env });
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
  await writeFile(marker, "");
  return folder;
}

/** Those of VS Code's own extensions that the tests see at work: themes, icons, languages and previews of what a project holds. */
const seenAtWork = /^(theme-.+|media-preview|markdown-basics|html|json|configuration-editing)$/;

/**
 * A folder with links to few of the extensions that VS Code brings itself.
 * @returns its absolute path, for `--builtin-extensions-dir`
 */
export async function fewBundledFolder({ version, entry }: InstalledVsCode): Promise<string> {
  const bundled = join(dirname(entry), "..", "..", "lib", "vscode", "extensions");
  const folder = join(vscodeCache, `${version}-bundled`);
  await mkdir(folder, { recursive: true });
  for (const name of (await readdir(bundled)).filter((each) => seenAtWork.test(each))) {
    await symlink(join(bundled, name), join(folder, name), "junction").catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
  return folder;
}
