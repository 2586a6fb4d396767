import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { type BuildOptions, build as bundle, type Plugin } from "esbuild";
import { bundledAs } from "./bundledAs.ts";
import { writeNotices } from "./notices.ts";
import { pageBundles } from "./pageBundles.ts";
import { distFolder, root } from "./paths.ts";

/**
 * The application is a bundle of its own, loaded when it is first needed: in the entry bundle, `import("./app.ts")`
 * stays an import of the file beside it. Any other way to import it would pull it in at activation, and fails.
 */
const appOnDemand: Plugin = {
  name: "app-on-demand",
  setup(build) {
    build.onResolve({ filter: /(^|\/)app\.ts$/ }, ({ kind, importer }) => {
      if (kind === "dynamic-import") return { path: "./app.cjs", external: true };
      return { errors: [{ text: `${relative(root, importer)} must import the application with import(), on demand` }] };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;

const readable = { minify: false, sourcemap: "linked" } as const satisfies BuildOptions;

const inExtensionHost = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node22",
  external: ["vscode"],
  alias: bundledAs,
  // The extension host serves `vscode` to require(); import() of a CommonJS file would hide its named exports.
  supported: { "dynamic-import": false },
} as const satisfies BuildOptions;

const bundles: readonly (BuildOptions & { metafile: true })[] = [
  {
    ...inExtensionHost,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.cjs",
    plugins: [appOnDemand],
  },
  { ...inExtensionHost, entryPoints: ["src/app.ts"], outfile: "dist/app.cjs" },
  {
    ...common,
    platform: "node",
    format: "esm",
    target: "node22",
    entryPoints: ["src/images/worker.ts"],
    outfile: "dist/conform-worker.mjs",
  },
  {
    ...common,
    platform: "node",
    format: "esm",
    target: "node22",
    entryPoints: ["src/output/verifyWorker.ts"],
    outfile: "dist/verify-worker.mjs",
  },
  ...pageBundles.map((page) => ({ ...common, platform: "browser", format: "esm", target: "es2022", ...page }) as const),
];

/** Packages that must not be in the entry bundle, since every window's start would pay for them. */
const heavy = ["undici", "zod", "mediabunny"];

/**
 * Files that must be in no bundle: undici's that register a dispatcher for the whole process, and with it for every
 * other extension; and wasm-vips, which finds its .wasm files and starts its threads from its own file.
 */
const never = ["node_modules/undici/index.js", "node_modules/undici/lib/global.js", "node_modules/wasm-vips/"];

function forbidden(inputs: readonly string[], output: string): string[] {
  const banned = output === "dist/extension.cjs" ? [...never, ...heavy.map((name) => `node_modules/${name}/`)] : never;
  return inputs
    .filter((input) => banned.some((prefix) => input.startsWith(prefix)))
    .map((input) => `${output} must not contain ${input}`);
}

async function copyAssets(): Promise<void> {
  const modules = join(root, "node_modules");
  for (const name of ["vips-node.mjs", "vips.wasm", "vips-heif.wasm"]) {
    await cp(join(modules, "wasm-vips", "lib", name), join(distFolder, "vips", name));
  }
  for (const name of ["codicon.css", "codicon.ttf"]) {
    await cp(join(modules, "@vscode", "codicons", "dist", name), join(distFolder, name));
  }
}

/**
 * Bundles the extension into `dist/`, which is emptied first: the entry, the application, the image worker with wasm-vips,
 * the video check's worker,
 * the panel with its styles, and the licences of all that is in there.
 * @param isForDebugging readable, and with source maps
 * @throws Error naming every problem: esbuild's errors and warnings, and packages where they must not be
 */
export async function build({ isForDebugging = false } = {}): Promise<void> {
  await rm(distFolder, { recursive: true, force: true });
  await mkdir(distFolder, { recursive: true });
  const problems: string[] = [];
  const inputs = new Set<string>();
  for (const options of bundles) {
    const result = await bundle({ ...options, ...(isForDebugging && readable) }).catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    });
    if (result === undefined) continue;
    for (const warning of result.warnings) {
      const { file, line } = warning.location ?? { file: options.outfile, line: 0 };
      problems.push(`${file}:${line}: ${warning.text}`);
    }
    for (const [output, { inputs: own }] of Object.entries(result.metafile.outputs)) {
      const names = Object.entries(own).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
      problems.push(...forbidden(names, output));
      for (const name of names) inputs.add(name);
    }
  }
  await copyAssets();
  await writeNotices([
    ...inputs,
    "node_modules/wasm-vips/lib/vips-node.mjs",
    "node_modules/@vscode/codicons/dist/codicon.css",
  ]);
  if (problems.length > 0) throw new Error(`the build failed:\n${problems.join("\n")}`);
}

if (import.meta.main) {
  const started = performance.now();
  await build();
  const names = (await readdir(distFolder)).sort();
  console.log(`built ${names.join(", ")} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
