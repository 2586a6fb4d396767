import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { run as runTests } from "node:test";
import { spec } from "node:test/reporters";
import { root } from "../paths.ts";
import { watched } from "./stuck.ts";
import type { Counts } from "./suite.ts";

/** Files of this project that match, by absolute path, in order. */
export const matching = (pattern: string): string[] => globSync(join(root, pattern)).sort();

/** Runs a script of package.json to its end, and shows what it prints. Counts as one test. */
export async function script(out: Writable, name: string, ...args: readonly string[]): Promise<Counts> {
  const command = ["--run", name, "--", ...args];
  const tool = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const show = (stream: Readable) => stream.pipe(out, { end: false });
  show(tool.stdout);
  show(tool.stderr);
  const [code, signal] = await once(tool, "close");
  if (code === 0) return { passed: 1, failed: 0 };
  out.write(`${name} ended with ${signal ?? code}\n`);
  return { passed: 0, failed: 1 };
}

export interface Options {
  /** A test that takes longer has failed, ms. A file that says nothing for twice as long is ended. */
  readonly timeout: number;
  /** Files at once, each in a process of its own. 1 if not given. */
  readonly concurrency?: number;
  /** Arguments of each process. */
  readonly argv?: readonly string[];
}

/**
 * Runs test files.
 * @throws Error when there are none
 */
export async function testFiles(out: Writable, files: readonly string[], options: Options): Promise<Counts> {
  if (files.length === 0) throw new Error("no test files");
  const { timeout, concurrency = 1, argv = [] } = options;
  const stream = watched(out, 2 * timeout, () =>
    runTests({ files: [...files], concurrency, timeout, argv: [...argv] }),
  );
  const counted = new Promise<Counts>((resolve, reject) => {
    // Without a file it is the summary of all files. What was cancelled, skipped or put off did not pass.
    stream.on("test:summary", ({ file, counts }) => {
      if (file === undefined) resolve({ passed: counts.passed, failed: counts.tests - counts.passed });
    });
    stream.on("error", reject);
  });
  const report = stream.compose(spec);
  report.pipe(out, { end: false });
  // What failed is printed once more at the end.
  const [counts] = await Promise.all([counted, once(report, "end")]);
  return counts;
}

/** As {@link testFiles}, with the files that match. */
export const tests = (pattern: string, options: Options) => (out: Writable) =>
  testFiles(out, matching(pattern), options);
