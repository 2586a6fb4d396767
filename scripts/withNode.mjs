// Runs a TypeScript file of this project with the project's own Node (24, from the npm package "node"), after making
// sure that node_modules is what package-lock.json says. Needs Node 20 or later and npm, nothing else:
//
//   node scripts/withNode.mjs scripts/test.ts unit
import { spawn, spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endAllWith } from "./endAll.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const windows = process.platform === "win32";
const bundledNode = join(modules, "node", "bin", windows ? "node.exe" : "node");

/** Prints one line on stderr and ends the process with code 1. */
function fail(message) {
  console.error(`withNode: ${message}`);
  process.exit(1);
}

/** @returns {Record<string, {version?: string, optional?: boolean}> | undefined} the packages a lock file names, by folder */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Why node_modules has to be installed, or undefined when it is as the lock file says. npm writes
 * node_modules/.package-lock.json as its last step, so a half-done install has none. Optional packages that are
 * absent belong to other platforms.
 */
function reasonToInstall() {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  if (wanted === undefined) fail("package-lock.json is missing or broken");
  const installed = lockedPackages(join(modules, ".package-lock.json"));
  if (installed === undefined) return "node_modules is missing or incomplete";
  for (const [folder, { version, optional }] of Object.entries(wanted)) {
    if (folder === "") continue;
    const present = installed[folder]?.version;
    if (present === version || (present === undefined && optional)) continue;
    return `node_modules differs from package-lock.json (${folder}: ${present ?? "absent"} instead of ${version})`;
  }
  return undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command in `cwd`, its output going to stderr, and fails loudly when it fails. */
function must(command, args, cwd) {
  const done = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2], shell: windows });
  if (done.status !== 0) fail(`"${command} ${args.join(" ")}" failed in ${cwd} (${done.error ?? done.status})`);
}

/**
 * Some npm settings (ignore-scripts, allow-scripts) keep the install scripts of packages from running. The ones
 * this project needs are made up for here: they set the executable bit and fetch the Node binary.
 */
function healInstallScripts() {
  const platform = `${process.platform}-${process.arch}`;
  for (const tool of ["ffmpeg", "ffprobe"]) {
    const binary = join(modules, `@${tool}-installer`, platform, tool);
    if (!existsSync(binary) || isExecutable(binary)) continue;
    console.error(`withNode: making ${binary} executable, its install script did not run`);
    chmodSync(binary, 0o755);
  }
  if (!isExecutable(bundledNode)) {
    console.error('withNode: fetching the Node binary, the install script of the package "node" did not run');
    must(process.execPath, ["installArchSpecificPackage"], join(modules, "node"));
    if (!isExecutable(bundledNode)) fail(`${bundledNode} is still missing`);
  }
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail("which script? usage: node scripts/withNode.mjs <file.ts> [arguments]");

const reason = reasonToInstall();
if (reason !== undefined) {
  console.error(`withNode: ${reason}: running npm ci`);
  must("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], root);
}
healInstallScripts();

const child = spawn(bundledNode, [join(root, script), ...args], { cwd: root, stdio: "inherit" });
endAllWith(child);
child.on("error", (error) => fail(`${bundledNode} does not start: ${error.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
