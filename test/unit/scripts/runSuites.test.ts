import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";

/** What the made suites print, without times and lines between suites. */
function run(...args: readonly string[]): { readonly status: number | null; readonly lines: readonly string[] } {
  const program = join(import.meta.dirname, "madeSuites.ts");
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  const lines = stdout.replace(/ \([\d.]+ s\)/g, "").split("\n");
  return { status, lines: lines.filter((line) => line !== "" && !line.startsWith("──")) };
}

const passing = [
  "first beside a set-up",
  "first: 2 passed, 0 failed",
  "second beside a set-up and first",
  "second: 2 passed, 0 failed",
  "third beside a set-up and first",
  "third: 2 passed, 0 failed",
  "fourth beside a set-up",
  "fourth: 2 passed, 0 failed",
  "quiet beside nobody",
  "quiet: 2 passed, 0 failed",
  "needy beside nobody",
  "needy: 2 passed, 0 failed",
];

describe("a run of suites", () => {
  it("goes in their order, beside each other where they may, and prints each in one piece", () => {
    const { status, lines } = run("good");
    assert.deepEqual(lines, [...passing, "12 passed, 0 failed", "set up early"]);
    assert.equal(status, 0);
  });

  it("goes on after a failure, counts it, and ends with 1", () => {
    const { status, lines } = run();
    assert.deepEqual(lines.slice(passing.length), [
      "helpless failed: it cannot be had",
      "helpless: 0 passed, 1 failed",
      "throwing failed: it broke",
      "throwing: 0 passed, 1 failed",
      "empty failed: the suite ran no tests",
      "empty: 0 passed, 1 failed",
      "failing: 3 passed, 4 failed",
      "15 passed, 7 failed",
      "set up early",
    ]);
    assert.equal(status, 1);
  });
});
