import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as z from "zod";

// The reference for metadata, apart from our own reader.

const program = fileURLToPath(new URL("bin/exiftool", import.meta.resolve("exiftool-vendored.pl")));
const run = (...args: readonly string[]) =>
  execFileSync("perl", [program, ...args], { encoding: "utf8", maxBuffer: 100_000_000 });

/** All metadata of a file, by group and name. */
export function tagsOf(file: string): Readonly<Record<string, unknown>> {
  return (
    z
      .array(z.record(z.string(), z.unknown()))
      .length(1)
      .parse(JSON.parse(run("-j", "-G1", file)))[0] ?? {}
  );
}

/** Writes one tag into a file. */
export function writeTag(file: string, tag: string, value: string): void {
  run("-overwrite_original", `-${tag}=${value}`, file);
}
