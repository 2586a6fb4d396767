import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join } from "node:path";
import { run as runTests } from "node:test";
import { spec } from "node:test/reporters";
import { build } from "./build.ts";
import { checkPackage } from "./package.ts";
import { root } from "./paths.ts";
import { setUpChromium } from "./setup/chromium.ts";
import { setUpServers } from "./setup/servers.ts";
import { setUpVsCode, type VsCodeVersion, vscodeVersions } from "./setup/vscode.ts";

// `npm test`: all suites, in order; `npm test -- unit e2e` those whose names begin so. Ends with `N passed, N failed`.

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Suite {
  readonly name: string;
  /** @throws Error when it cannot run, or, for a suite that counts as one, when it fails */
  readonly run: () => Promise<Counts>;
}

const one: Counts = { passed: 1, failed: 0 };

/** Runs a tool of this project to its end, showing what it prints. */
async function local(script: string, ...args: readonly string[]): Promise<Counts> {
  const tool = spawn(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root, stdio: "inherit" });
  const [code, signal] = await once(tool, "exit");
  if (code !== 0) throw new Error(`${script} ended with ${signal ?? code}`);
  return one;
}

function countsOf(stream: ReturnType<typeof runTests>): Promise<Counts> {
  return new Promise((resolve, reject) => {
    // Without a file it is the summary of all files. What was cancelled, skipped or put off did not pass.
    stream.on("test:summary", ({ file, counts }) => {
      if (file === undefined) resolve({ passed: counts.passed, failed: counts.tests - counts.passed });
    });
    stream.on("error", reject);
  });
}

/** Runs test files one process each. A test that takes longer than `timeoutMs` has failed. */
async function nodeTests(pattern: string, timeoutMs: number, concurrency: number): Promise<Counts> {
  const files = globSync(join(root, pattern)).sort();
  if (files.length === 0) throw new Error(`no file matches ${pattern}`);
  const stream = runTests({ files, concurrency, timeout: timeoutMs });
  stream.compose(spec).pipe(process.stdout, { end: false });
  return countsOf(stream);
}

async function packaged(): Promise<Counts> {
  await build();
  const { names, bytes } = await checkPackage();
  console.log(`${names.length} files, ${bytes} bytes`);
  return one;
}

/** Started before the first suite, awaited by those that need it; a failure shows there. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

function suites(needed: (name: string) => boolean): Suite[] {
  const log = (line: string): void => console.log(`set-up: ${line}`);
  const endToEnd = vscodeVersions.map((version) => ({ name: `e2e-${version}`, version }));
  const browserNeeded = needed("unit") || endToEnd.some(({ name }) => needed(name));
  const chromium = browserNeeded ? inBackground(setUpChromium(log)) : undefined;
  const servers = needed("servers") || browserNeeded ? inBackground(setUpServers(log)) : undefined;
  // One after the other: two at once would only share the cores that the suites run on.
  let last: Promise<unknown> = Promise.resolve();
  const installed = new Map<VsCodeVersion, Promise<unknown>>();
  for (const { name, version } of endToEnd) {
    if (!needed(name)) continue;
    last = inBackground(last.then(() => setUpVsCode(version, log)));
    installed.set(version, last);
  }
  return [
    { name: "lint", run: () => local("@biomejs/biome/bin/biome", "check", "--error-on-warnings") },
    { name: "types", run: () => local("typescript/bin/tsc") },
    {
      name: "unit",
      run: async () => {
        await chromium;
        return nodeTests("test/unit/**/*.test.ts", 120_000, 1);
      },
    },
    { name: "faults", run: () => nodeTests("test/faults/*.test.ts", 120_000, 1) },
    {
      name: "servers",
      run: async () => {
        await servers;
        return nodeTests("test/servers/**/*.test.ts", 120_000, 1);
      },
    },
    { name: "crash", run: () => nodeTests("test/crash/*.test.ts", 240_000, 1) },
    { name: "package", run: packaged },
    ...endToEnd.map(({ name, version }) => ({
      name,
      run: async () => {
        if (!needed("package")) await packaged();
        await chromium;
        await servers;
        await installed.get(version);
        process.env.WAN_VSCODE = version;
        return nodeTests("test/e2e/*.test.ts", 300_000, 1);
      },
    })),
  ];
}

async function outcome({ name, run: runSuite }: Suite): Promise<Counts> {
  console.log(`\n── ${name} ${"─".repeat(70 - name.length)}`);
  const started = performance.now();
  let counts: Counts;
  try {
    counts = await runSuite();
    if (counts.passed + counts.failed === 0) throw new Error("the suite ran no tests");
  } catch (error) {
    console.log(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    counts = { passed: 0, failed: 1 };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
  return counts;
}

const wanted = process.argv.slice(2);
const needed = (name: string): boolean => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix));
const chosen = suites(needed).filter(({ name }) => needed(name));
const counts: Counts[] = [];
for (const suite of chosen) counts.push(await outcome(suite));
if (chosen.length === 0) {
  console.log(`no suite is called ${wanted.join(" or ")}`);
  counts.push({ passed: 0, failed: 1 });
}
const total = (key: keyof Counts): number => counts.reduce((sum, each) => sum + each[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exit(total("failed") === 0 ? 0 : 1);
