import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root, vsixFile } from "./paths.ts";
import { run } from "./setup/run.ts";

/** A VSIX larger than this has something in it that does not belong there. In bytes. */
const sizeBound = 8 * 1024 * 1024;

/** What may be in the VSIX, as paths inside it. */
const allowed: readonly RegExp[] = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/license(\.\w+)?$/i,
  /^extension\/l10n\/[\w.-]+\.json$/,
  /^extension\/media\/([\w-]+\/)*[\w.-]+\.(png|svg|webp|md)$/,
  /^extension\/dist\/(extension|app)\.cjs$/,
  /^extension\/dist\/(conform|verify)-worker\.mjs$/,
  /^extension\/dist\/vips\/(vips-node\.mjs|vips\.wasm|vips-heif\.wasm)$/,
  /^extension\/dist\/[\w-]+\.css$/,
  /^extension\/dist\/(panel\.js|frames\.js|codicon\.ttf|ThirdPartyNotices\.txt)$/,
];

/** What must be in it. */
const required = [
  "extension/package.json",
  "extension/readme.md",
  "extension/changelog.md",
  "extension/LICENSE.txt",
  "extension/dist/extension.cjs",
  "extension/dist/app.cjs",
  "extension/dist/conform-worker.mjs",
  "extension/dist/verify-worker.mjs",
  "extension/dist/panel.js",
  "extension/dist/frames.js",
  "extension/dist/vips/vips.wasm",
];

/**
 * Names of the files in a zip archive, read from its central directory.
 * @throws Error when the archive has no end record
 */
function namesInZip(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06"));
  if (end < 0) throw new Error("not a zip archive");
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

/**
 * Packages the folder of an extension, which must be built, into a VSIX.
 * @returns what vsce printed
 * @throws CommandFailed when vsce refuses
 */
export async function packageExtension(folder: string, vsix: string): Promise<string> {
  await mkdir(dirname(vsix), { recursive: true });
  await rm(vsix, { force: true });
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  const args = [
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    "--out",
    vsix,
  ];
  return run(process.execPath, args, { cwd: folder });
}

/**
 * Packages the product and checks the VSIX: no warning from vsce, nothing in it that does not belong there, nothing
 * missing, no larger than the bound.
 * @returns the VSIX's file names and its size in bytes
 * @throws Error naming everything that is wrong
 */
export async function checkPackage(): Promise<{ names: string[]; bytes: number }> {
  const printed = await packageExtension(root, vsixFile);
  const problems = printed.split("\n").filter((line) => /warning|error/i.test(line));
  const names = namesInZip(await readFile(vsixFile)).sort();
  for (const name of names) {
    if (!allowed.some((pattern) => pattern.test(name))) problems.push(`${name} does not belong into the VSIX`);
  }
  for (const name of required) {
    if (!names.includes(name)) problems.push(`${name} is missing in the VSIX`);
  }
  const bytes = (await stat(vsixFile)).size;
  if (bytes > sizeBound) problems.push(`the VSIX has ${bytes} bytes, more than ${sizeBound}`);
  if (problems.length > 0) throw new Error(`the package is wrong:\n${problems.join("\n")}`);
  return { names, bytes };
}
