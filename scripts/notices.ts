import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { distFolder, root } from "./paths.ts";

/** `node_modules/@scope/name/lib/x.js` -> `node_modules/@scope/name`, of the innermost package; undefined for own files. */
function packageFolder(input: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
  const files = (await readdir(join(root, folder))).filter((file) => /^(licen[cs]e|notice|third-party)/i.test(file));
  const texts = await Promise.all(files.sort().map((file) => readFile(join(root, folder, file), "utf8")));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

/**
 * Writes `dist/ThirdPartyNotices.txt`: name, version and licence texts of every npm package that a bundle is made of.
 * @param inputs files that went into `dist/`, relative to the project's folder, with forward slashes
 */
export async function writeNotices(inputs: readonly string[]): Promise<void> {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = await Promise.all([...folders].sort().map(noticeOf));
  await writeFile(join(distFolder, "ThirdPartyNotices.txt"), `${notices.join(`\n\n${"-".repeat(78)}\n\n`)}\n`);
}
