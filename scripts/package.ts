import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { root, vsixFile } from "./paths.ts";
import { run } from "./setup/run.ts";

/** A VSIX larger than this has something in it that does not belong there. In bytes. */
const sizeBound = 8 * 1024 * 1024;

/** The same for each picture of the README, and for all pictures of the tour together. */
const pictureBound = 4 * 1024 * 1024;
const tourBound = 400 * 1024;

/** What the packaged extension is made of. */
const packaged = [
  ...["package.json", "package.nls.json", ".vscodeignore", "README.md", "CHANGELOG.md", "LICENSE"],
  ...["api", "l10n", "media", "dist"],
];

/** What may be in the VSIX, as paths inside it. */
const allowed: readonly RegExp[] = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/license(\.\w+)?$/i,
  /^extension\/api\/wanFlf2v\.d\.ts$/,
  /^extension\/l10n\/[\w.-]+\.json$/,
  /^extension\/media\/[\w-]+\.(png|svg)$/,
  /^extension\/media\/recipe\.schema\.json$/,
  /^extension\/media\/(sample|walkthrough)\/[\w-]+\.webp$/,
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
  "extension/api/wanFlf2v.d.ts",
  "extension/dist/extension.cjs",
  "extension/dist/app.cjs",
  "extension/dist/conform-worker.mjs",
  "extension/dist/verify-worker.mjs",
  "extension/dist/panel.js",
  "extension/dist/frames.js",
  "extension/dist/vips/vips.wasm",
  "extension/media/recipe.schema.json",
  "extension/media/sample/lighthouse_start.webp",
  "extension/media/sample/lighthouse_end.webp",
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

const picture = /!\[[^\]]*\]\(([^)\s]+)\)/g;

/** @throws Error if a picture of a text in Markdown is missing in the folder, is no PNG or WebP, or is larger than its bound */
export async function checkPictures(markdown: string, folder: string): Promise<void> {
  for (const [, address = ""] of markdown.matchAll(picture)) {
    if (![".png", ".webp"].includes(extname(address))) throw new Error(`${address} is no PNG or WebP`);
    const { size } = await stat(join(folder, address));
    if (size > pictureBound) throw new Error(`${address} has ${size} bytes, more than ${pictureBound}`);
  }
}

/**
 * A text in Markdown as VS Code's page of an extension can show it: that loads pictures from https addresses alone, neither from the
 * extension's folder nor out of the text (`test/e2e/workbench/wayIn.ts`), and its links lead to the web alone.
 * @param base https address of the published project. Without it the pictures are left out, since they would be broken.
 */
export function asPage(markdown: string, base?: string): string {
  const withPictures =
    base === undefined
      ? markdown.replaceAll(new RegExp(`^${picture.source}\\n\\n?`, "gm"), "")
      : markdown.replaceAll(picture, (whole, address: string) =>
          whole.replace(`](${address})`, `](${base}/${address})`),
        );
  return withPictures.replace(/(?<!!)\[([^\]]*)\]\((?!https:|#)[^)\s]+\)/g, "$1");
}

/** Where the pictures of the README are published, if they are: an https address without a slash at its end. */
function publishedAt(): string | undefined {
  const base = process.env.README_BASE;
  if (base !== undefined && !/^https:\/\/.+[^/]$/.test(base)) {
    throw new Error("README_BASE must be an https address without a slash at its end");
  }
  return base;
}

/** Packages a copy of the product whose README is its page in VS Code; gives what vsce printed. */
async function packageProduct(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wan-package-"));
  try {
    for (const name of packaged) await cp(join(root, name), join(folder, name), { recursive: true });
    const readme = join(folder, "README.md");
    const markdown = await readFile(readme, "utf8");
    await checkPictures(markdown, root);
    await writeFile(readme, asPage(markdown, publishedAt()));
    return await packageExtension(folder, vsixFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Packages the product and checks the VSIX: no warning from vsce, nothing in it that does not belong there, nothing
 * missing, no larger than the bound.
 * @returns the VSIX's file names and its size in bytes
 * @throws Error naming everything that is wrong
 */
export async function checkPackage(): Promise<{ names: string[]; bytes: number }> {
  const printed = await packageProduct();
  const problems = printed.split("\n").filter((line) => /warning|error/i.test(line));
  const names = namesInZip(await readFile(vsixFile)).sort();
  for (const name of names) {
    if (!allowed.some((pattern) => pattern.test(name))) problems.push(`${name} does not belong into the VSIX`);
  }
  for (const name of required) {
    if (!names.includes(name)) problems.push(`${name} is missing in the VSIX`);
  }
  let tour = 0;
  for (const name of names) {
    if (name.startsWith("extension/media/walkthrough/"))
      tour += (await stat(join(root, name.slice("extension/".length)))).size;
  }
  if (tour > tourBound) problems.push(`the pictures of the tour have ${tour} bytes, more than ${tourBound}`);
  const bytes = (await stat(vsixFile)).size;
  if (bytes > sizeBound) problems.push(`the VSIX has ${bytes} bytes, more than ${sizeBound}`);
  if (problems.length > 0) throw new Error(`the package is wrong:\n${problems.join("\n")}`);
  return { names, bytes };
}
