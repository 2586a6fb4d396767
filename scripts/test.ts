import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { run as runTests } from "node:test";
import { spec } from "node:test/reporters";
import { makeScratch } from "../test/support/engine/scratch.ts";
import { openLab } from "../test/support/page/lab.ts";
import { installProduct } from "../test/support/vscode/vscode.ts";
import { build } from "./build.ts";
import { checkPackage } from "./package.ts";
import { root } from "./paths.ts";
import { setUpChromium } from "./setup/chromium.ts";
import { setUpServers } from "./setup/servers.ts";
import { newestVsCode, oldestVsCode, setUpVsCode, type VsCodeVersion } from "./setup/vscode.ts";

// `npm test`: all suites; `npm test -- unit e2e` those whose names begin so; `npm test -- oldest` every end-to-end test in
// the oldest VS Code. Ends with `N passed, N failed`.

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Suite {
  readonly name: string;
  /** True for one that needs no more than a core and runs beside the suite before it. */
  readonly beside?: true;
  /** True for one that runs only when it is named. */
  readonly onRequest?: true;
  /**
   * Prints to `out`.
   * @throws Error when it cannot run, or, for a suite that counts as one, when it fails
   */
  readonly run: (out: Writable) => Promise<Counts>;
}

const one: Counts = { passed: 1, failed: 0 };

/** Runs a tool of this project to its end, showing what it prints. */
async function local(out: Writable, script: string, ...args: readonly string[]): Promise<Counts> {
  const command = [join(root, "node_modules", script), ...args];
  const tool = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const show = (stream: Readable) => stream.pipe(out, { end: false });
  show(tool.stdout);
  show(tool.stderr);
  const [code, signal] = await once(tool, "close");
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
function nodeTests(out: Writable, files: string[], timeoutMs: number, concurrency: number): Promise<Counts> {
  if (files.length === 0) throw new Error("no test files");
  const stream = runTests({ files, concurrency, timeout: timeoutMs });
  stream.compose(spec).pipe(out, { end: false });
  return countsOf(stream);
}

const matching = (pattern: string): string[] => globSync(join(root, pattern)).sort();

const sum = (counts: readonly Counts[]): Counts => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** Runs works one after the other in each of so many lanes, in the order in which they come. */
function lanes(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** Those tests of the panel that play videos by the clock: nothing may run beside them. */
const playback = "test/unit/page/player.test.ts";

/** Unit tests in the order of what their subjects cost, so that the short ones fill both lanes to the end. */
function longestFirst(files: readonly string[]): string[] {
  const costly = ["page", "images", "jobs", "service"];
  const rank = (file: string): number => costly.indexOf(basename(dirname(file))) + 1 || costly.length + 1;
  return files.toSorted((a, b) => rank(a) - rank(b));
}

/** Runs unit tests, with the lab that those of the panel share. */
async function unitTests(out: Writable, files: string[], concurrency: number): Promise<Counts> {
  await using _ = await openLab(await setUpChromium(() => undefined));
  return await nodeTests(out, files, 120_000, concurrency);
}

/** Suites in a real VS Code, the longest first: they share the lanes. */
const inVsCode: readonly (Pick<Suite, "name" | "onRequest"> & {
  readonly version: VsCodeVersion;
  readonly has: (file: string) => boolean;
})[] = [
  { name: "panel", version: newestVsCode, has: (file) => /\bpanel\./.test(file) },
  { name: "workbench", version: newestVsCode, has: (file) => /\bworkbench\./.test(file) },
  { name: "e2e-oldest", version: oldestVsCode, has: (file) => /\bmainJob\./.test(file) },
  { name: "e2e-newest", version: newestVsCode, has: (file) => !/\b(panel|workbench|mainJob)\./.test(file) },
  { name: "oldest", version: oldestVsCode, has: () => true, onRequest: true },
];

/** One VS Code keeps little more than a core busy. */
const vsCodeLane = lanes(2);

/** Runs a test file that starts a VS Code of its own, and prints all of it in one piece. */
async function testsInVsCode(out: Writable, file: string, version: VsCodeVersion): Promise<Counts> {
  const stream = runTests({ files: [file], timeout: 300_000, argv: [version] });
  const [counts, printed] = await Promise.all([countsOf(stream), text(stream.compose(spec))]);
  out.write(printed);
  return counts;
}

const products = new Map<VsCodeVersion, Promise<void>>();

/** Installs the packaged product into a VS Code, once. */
function productIn(version: VsCodeVersion): Promise<void> {
  const product = products.get(version) ?? installProduct(version);
  products.set(version, product);
  return product;
}

async function packaged(out: Writable): Promise<Counts> {
  await build();
  const { names, bytes } = await checkPackage();
  out.write(`${names.length} files, ${bytes} bytes\n`);
  return one;
}

/** Started before the first suite, awaited by those that need it; a failure shows there. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

function suites(): Suite[] {
  const log = (line: string): void => console.log(`set-up: ${line}`);
  const endToEnd = inVsCode.filter(({ name }) => needed(name));
  const browserNeeded = needed("unit") || endToEnd.length > 0;
  const chromium = browserNeeded ? inBackground(setUpChromium(log)) : undefined;
  const servers = needed("servers") || browserNeeded ? inBackground(setUpServers(log)) : undefined;
  // One after the other: two at once would only share the cores that the suites run on.
  let last: Promise<unknown> = Promise.resolve();
  const installed = new Map<VsCodeVersion, Promise<unknown>>();
  for (const version of new Set(endToEnd.map((suite) => suite.version))) {
    last = inBackground(last.then(() => setUpVsCode(version, log)));
    installed.set(version, last);
  }
  return [
    { name: "lint", run: (out) => local(out, "@biomejs/biome/bin/biome", "check", "--error-on-warnings") },
    { name: "types", beside: true, run: (out) => local(out, "typescript/bin/tsc") },
    { name: "package", beside: true, run: packaged },
    {
      name: "unit",
      run: async (out) => {
        await chromium;
        const files = matching("test/unit/**/*.test.ts").filter((file) => file !== join(root, playback));
        return unitTests(out, longestFirst(files), 2);
      },
    },
    // They wait more than they compute: all files of a suite at once keep the cores busy.
    { name: "crash", run: (out) => nodeTests(out, matching("test/crash/*.test.ts"), 240_000, 3) },
    { name: "faults", run: (out) => nodeTests(out, matching("test/faults/*.test.ts"), 120_000, 5) },
    // No more than a core: each seed is one thread that never waits.
    { name: "simulate", beside: true, run: (out) => nodeTests(out, matching("test/simulate/*.test.ts"), 900_000, 1) },
    {
      name: "servers",
      beside: true,
      run: async (out) => {
        await servers;
        return nodeTests(out, matching("test/servers/**/*.test.ts"), 120_000, 1);
      },
    },
    {
      name: "unit-playback",
      run: async (out) => {
        await chromium;
        await Promise.allSettled([servers, last]);
        return unitTests(out, [join(root, playback)], 1);
      },
    },
    ...endToEnd.map(({ version, has, ...suite }, index) => ({
      ...suite,
      ...(index > 0 && { beside: true as const }),
      run: async (out: Writable) => {
        const files = matching("test/e2e/*.test.ts").filter(has);
        const counts = files.map((file) =>
          vsCodeLane(async () => {
            await chromium;
            await servers;
            await installed.get(version);
            await productIn(version);
            return testsInVsCode(out, file, version);
          }),
        );
        return sum(await Promise.all(counts));
      },
    })),
  ];
}

/** Runs a suite, and prints all of it in one piece, as soon as what stands before it has been printed. */
async function outcome({ name, run: runSuite }: Suite, before: Promise<unknown>): Promise<Counts> {
  const out = new PassThrough({ highWaterMark: Number.MAX_SAFE_INTEGER });
  const printing = before.then(() => out.pipe(process.stdout, { end: false }));
  out.write(`\n── ${name} ${"─".repeat(70 - name.length)}\n`);
  const started = performance.now();
  let counts: Counts;
  try {
    counts = await runSuite(out);
    if (counts.passed + counts.failed === 0) throw new Error("the suite ran no tests");
  } catch (error) {
    out.write(`${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    counts = { passed: 0, failed: 1 };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  out.end(`${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)\n`);
  await printing;
  if (!out.readableEnded) await once(out, "end");
  return counts;
}

const scratch = await makeScratch("wan-test-");
// Servers that run as another user must come to what is theirs in it.
await chmod(scratch, 0o755);
process.env.TMPDIR = scratch;
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const wanted = process.argv.slice(2);
function needed(name: string): boolean {
  if (wanted.length === 0) return !inVsCode.some((suite) => suite.name === name && suite.onRequest === true);
  // What is installed in VS Code is packaged first.
  const named = (prefix: string): boolean =>
    name === "package" && inVsCode.some((each) => each.name.startsWith(prefix));
  return wanted.some((prefix) => name.startsWith(prefix) || named(prefix));
}
const chosen = suites().filter(({ name }) => needed(name));
const running: Promise<Counts>[] = [];
for (const suite of chosen) {
  if (suite.beside !== true) await Promise.all(running);
  running.push(outcome(suite, Promise.all(running)));
}
const counts = await Promise.all(running);
if (chosen.length === 0) {
  console.log(`no suite is called ${wanted.join(" or ")}`);
  counts.push({ passed: 0, failed: 1 });
}
const { passed, failed } = sum(counts);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
