import { once } from "node:events";
import { rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { makeScratch } from "../../test/support/engine/scratch.ts";
import { type Counts, type Suite, sum } from "./suite.ts";

/** Gives the suites a folder for what they write, which goes with this process. */
async function useScratch(): Promise<void> {
  const scratch = await makeScratch("wan-test-");
  // Servers that run as another user must come to what is theirs in it.
  await chmod(scratch, 0o755);
  process.env.TMPDIR = scratch;
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
}

/** Runs a suite once all is ready, and writes what there is to tell to `out`. */
async function outcome({ name, run }: Suite, ready: Promise<unknown>, out: PassThrough): Promise<Counts> {
  out.write(`\n── ${name} ${"─".repeat(70 - name.length)}\n`);
  const started = performance.now();
  let counts: Counts;
  try {
    await ready;
    counts = await run(out);
    if (counts.passed + counts.failed === 0) throw new Error("the suite ran no tests");
  } catch (error) {
    out.write(`${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    counts = { passed: 0, failed: 1 };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  out.end(`${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)\n`);
  return counts;
}

/** Prints all of a suite, once what stands before it is printed. */
async function print(out: PassThrough, before: Promise<unknown>): Promise<void> {
  await before;
  out.pipe(process.stdout, { end: false });
  await once(out, "end");
}

/**
 * Runs suites in their order, and ends the process. All set-ups begin at once and go on while the first suites run. The
 * last line is `N passed, N failed`.
 */
export async function runSuites(suites: readonly Suite[]): Promise<never> {
  await useScratch();
  const settingUp = suites.flatMap(({ needs = [] }) => needs.map((need) => need()));
  // Its failure shows where it is needed.
  const allSetUp = Promise.allSettled(settingUp);
  const running = new Map<string, Promise<Counts>>();
  let printed: Promise<unknown> = Promise.resolve();
  for (const suite of suites) {
    if (suite.beside !== true) await Promise.all(running.values());
    if (suite.alone === true) await allSetUp;
    const ready = Promise.all([
      ...(suite.needs ?? []).map((need) => need()),
      ...(suite.after ?? []).map((name) => running.get(name)),
    ]);
    const out = new PassThrough({ highWaterMark: Number.MAX_SAFE_INTEGER });
    running.set(suite.name, outcome(suite, ready, out));
    printed = print(out, printed);
  }
  const { passed, failed } = sum(await Promise.all(running.values()));
  await printed;
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
