import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vscodeCache } from "../paths.ts";
import { CommandFailed, environmentWithNode, run } from "./run.ts";

/** The VS Codes that the product is tested in: the oldest one it supports and the newest one, by VS Code version. */
export const vscodeVersions = ["1.110", "1.139"] as const;

export type VsCodeVersion = (typeof vscodeVersions)[number];

/** The oldest one that the product supports. */
export const oldestVsCode: VsCodeVersion = "1.110";

/** The one that `npm start` shows the product in. */
export const newestVsCode: VsCodeVersion = "1.139";

/** An installed VS Code: absolute paths of the Node binary it runs on and of its server's entry script. */
export interface InstalledVsCode {
  readonly version: VsCodeVersion;
  readonly node: string;
  readonly entry: string;
}

interface Distribution {
  /** The npm package `code-server` at this version carries the VS Code. */
  readonly codeServer: string;
  /** Version range of the npm package `node` that it runs on; undefined: the Node that runs this script, which is 24. */
  readonly node: string | undefined;
  /** Native packages that code-server itself cannot start without. */
  readonly nativeForServer: readonly string[];
  /** Version of the npm package that carries the search tool, where VS Code's own package would fetch it elsewhere. */
  readonly searchTool: string | undefined;
}

const distributions: Record<VsCodeVersion, Distribution> = {
  "1.110": { codeServer: "4.110.0", node: "22", nativeForServer: ["argon2"], searchTool: "1.18.0" },
  "1.139": { codeServer: "4.139.1", node: undefined, nativeForServer: [], searchTool: undefined },
};

/** Raise when the steps below change, so that folders made by the earlier steps are made again. */
const recipeVersion = 1;

function markerOf(folder: string): string {
  return join(folder, "installed.json");
}

function wantedMarker(version: VsCodeVersion): string {
  return JSON.stringify({ recipeVersion, ...distributions[version] });
}

async function isInstalled(version: VsCodeVersion, folder: string): Promise<boolean> {
  try {
    return (await readFile(markerOf(folder), "utf8")) === wantedMarker(version);
  } catch {
    return false;
  }
}

function installedIn(version: VsCodeVersion, folder: string): InstalledVsCode {
  const ownNode = join(folder, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const node = distributions[version].node === undefined ? process.execPath : ownNode;
  return { version, node, entry: join(serverIn(folder), "out", "node", "entry.js") };
}

function serverIn(folder: string): string {
  return join(folder, "node_modules", "code-server");
}

function vscodeIn(folder: string): string {
  return join(serverIn(folder), "lib", "vscode");
}

const logger = "@vscode/spdlog";

/**
 * Takes the logger that another VS Code has built, the slowest of the native parts. It keeps to Node's stable interface, so
 * one build does for all.
 * @returns false when there is none, or it cannot be loaded
 */
async function takeLogger(folder: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const built = (vscode: string): string => join(vscodeIn(vscode), "node_modules", logger, "build", "Release");
  const place = join(built(folder), "spdlog.node");
  for (const other of vscodeVersions) {
    const found = join(built(join(vscodeCache, other)), "spdlog.node");
    if (!existsSync(found)) continue;
    await mkdir(built(folder), { recursive: true });
    await cp(found, place);
    try {
      await run("node", ["-e", `require(${JSON.stringify(place)})`], { cwd: folder, env });
      return true;
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      await rm(built(folder), { recursive: true });
    }
  }
  return false;
}

async function installInto(version: VsCodeVersion, folder: string, log: (line: string) => void): Promise<void> {
  const { codeServer, node, nativeForServer, searchTool } = distributions[version];
  const quiet = ["--no-audit", "--no-fund", "--prefix", "."];
  const dependencies = {
    "code-server": codeServer,
    ...(node === undefined ? {} : { node }),
    ...(searchTool === undefined ? {} : { "@vscode/ripgrep-universal": searchTool }),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await run("npm", ["install", "--ignore-scripts", "--no-package-lock", ...quiet], {
    cwd: folder,
    env: environmentWithNode(process.execPath),
  });
  if (node !== undefined) {
    // The package fetches its binary in the install script that was just left out.
    const nodePackage = join(folder, "node_modules", "node");
    await run(process.execPath, ["installArchSpecificPackage"], {
      cwd: nodePackage,
      env: environmentWithNode(process.execPath),
    });
  }

  // Native parts are the slowest step: all cores build them, and nobody needs them to be fast.
  const env = { ...environmentWithNode(installedIn(version, folder).node), JOBS: "max", CXXFLAGS: "-O0" };
  const server = serverIn(folder);
  const vscode = vscodeIn(folder);
  await run("npm", ["install", "--omit=dev", "--ignore-scripts", ...quiet], { cwd: vscode, env });
  if (searchTool !== undefined) {
    const tool = join(
      folder,
      "node_modules",
      "@vscode",
      "ripgrep-universal",
      "bin",
      `${process.platform}-${process.arch}`,
    );
    await cp(tool, join(vscode, "node_modules", "@vscode", "ripgrep", "bin"), { recursive: true });
  }
  if (nativeForServer.length > 0) await run("npm", ["rebuild", ...nativeForServer, ...quiet], { cwd: server, env });
  const parts = (await takeLogger(folder, env)) ? ["@vscode/native-watchdog"] : ["@vscode/native-watchdog", logger];
  try {
    await run("npm", ["rebuild", ...parts, ...quiet], { cwd: vscode, env });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    // VS Code works without them; only what reads its log files does not.
    log(
      `VS Code ${version} will write no log files, because a C++ compiler, make or Python is missing: ${error.message}`,
    );
  }
}

/**
 * Makes sure that a VS Code is installed in `.vscode-test/<version>` and says where. A finished folder is used as it
 * is, without the network; anything else is made again: it is built beside its place and moved there when complete.
 * @throws CommandFailed when an install step fails
 */
export async function setUpVsCode(version: VsCodeVersion, log: (line: string) => void): Promise<InstalledVsCode> {
  const folder = join(vscodeCache, version);
  if (!(await isInstalled(version, folder))) {
    const started = performance.now();
    log(`installing VS Code ${version} into ${folder}`);
    const unfinished = `${folder}.${process.pid}`;
    await rm(unfinished, { recursive: true, force: true });
    try {
      await installInto(version, unfinished, log);
      await writeFile(markerOf(unfinished), wantedMarker(version));
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    log(`installed VS Code ${version} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  const installed = installedIn(version, folder);
  for (const file of [installed.node, installed.entry]) {
    if (!existsSync(file)) throw new Error(`VS Code ${version} is broken (${file} is missing): delete ${folder}`);
  }
  return installed;
}
