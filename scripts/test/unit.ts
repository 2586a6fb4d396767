import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Writable } from "node:stream";
import { openLab } from "../../test/support/page/lab.ts";
import { root } from "../paths.ts";
import { setUpChromium } from "../setup/chromium.ts";
import { matching, testFiles } from "./run.ts";
import type { Counts } from "./suite.ts";

const timeout = 120_000;

/** Those tests of the panel that play videos by the clock: nothing may run beside them. */
const playback = join(root, "test/unit/page/player.test.ts");

/** Whole engines: they wait for leases, pauses and the service far more than they compute. */
const isEngine = (file: string): boolean => dirname(file) === join(root, "test", "unit", "jobs");

/** A test that opens panels imports their harness. */
const needsBrowser = (file: string): boolean => readFileSync(file, "utf8").includes("/support/page/harness.ts");

/**
 * Slow by nature, together half of what the unit tests without a browser cost: exact pixels, damaged journals and those that
 * went back in time, damaged videos, every answer to a paid request.
 */
const slow = [
  ...["images/exact", "images/conform", "images/large", "output/oddVideos", "service/video"],
  ...["jobs/journal/mend", "jobs/journal/versions", "jobs/journal/wentBack"],
  ...["runcomfy/paidOnceAnyCertificate", "runcomfy/paidOnceFetch"],
].map((name) => join(root, "test", "unit", `${name}.test.ts`));

/** In the order of what their subjects cost, so that the short ones fill both lanes to the end. */
function longestFirst(files: readonly string[]): string[] {
  const costly = ["page", "images", "jobs", "ui", "service"];
  const subject = (file: string): string => relative(join(root, "test", "unit"), file).split(sep)[0] ?? "";
  const rank = (file: string): number => costly.indexOf(subject(file)) + 1 || costly.length + 1;
  return files.toSorted((a, b) => rank(a) - rank(b));
}

const unitFiles = (): string[] => longestFirst(matching("test/unit/**/*.test.ts"));

/** Opens the lab that the tests of the panel share. */
async function inLab(out: Writable, files: readonly string[], concurrency: number): Promise<Counts> {
  await using _ = await openLab(await setUpChromium(() => undefined));
  return await testFiles(out, files, { timeout, concurrency });
}

/** All unit tests but those of whole engines and those that play videos by the clock. */
export const unit = (out: Writable): Promise<Counts> =>
  inLab(
    out,
    unitFiles().filter((file) => file !== playback && !isEngine(file)),
    2,
  );

/** The unit tests of whole engines: so many at once need less than a core. */
export const unitEngines = (out: Writable): Promise<Counts> =>
  testFiles(out, unitFiles().filter(isEngine), { timeout, concurrency: 6 });

/** The unit tests that play videos by the clock. */
export const unitPlayback = (out: Writable): Promise<Counts> => inLab(out, [playback], 1);

/** The unit tests that are not of whole engines, need no browser and are not slow by nature. */
export const unitQuick = (out: Writable): Promise<Counts> =>
  testFiles(
    out,
    unitFiles().filter((file) => !isEngine(file) && !slow.includes(file) && !needsBrowser(file)),
    { timeout, concurrency: 2 },
  );
