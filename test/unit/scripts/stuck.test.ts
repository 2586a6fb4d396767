import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { isAlive } from "../../support/vscode/processes.ts";

/** Test files that never end by themselves, and some that do. */
const files = {
  "turns.test.mjs": `import { test } from "node:test"; test("turns", () => { for (;;); });`,
  // No signal arrives at a loop that listens to it.
  "deaf.test.mjs": `process.on("SIGTERM", () => {}); for (;;);`,
  "parent.test.mjs": `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
    const { pid } = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    writeFileSync(process.argv[1] + ".pid", String(pid)); for (;;);`,
  "open.test.mjs": `import { test } from "node:test"; test("passes", () => {}); setInterval(() => {}, 1000);`,
  "slow.test.mjs": `import { test } from "node:test"; import { setTimeout } from "node:timers/promises";
    for (const name of ["a", "b", "c", "d"]) test(name, () => setTimeout(700));`,
} as const;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-stuck-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});
after(() => rm(folder, { recursive: true }));

/** What a run of these files prints. Ends all that it started if it doesn't end by itself. */
async function run(...names: readonly (keyof typeof files)[]): Promise<string> {
  const program = join(import.meta.dirname, "madeFiles.ts");
  // A run within a run would start nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = [program, ...names.map((name) => join(folder, name))];
  const started = spawn(process.execPath, args, { env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const { pid } = started;
  assert.ok(pid !== undefined);
  const limit = setTimeout(() => process.kill(-pid, "SIGKILL"), 20_000);
  const [printed] = await Promise.all([text(started.stdout), once(started, "exit")]);
  clearTimeout(limit);
  return printed;
}

describe("a test file that never ends", { timeout: 100_000, skip: process.platform === "win32" }, () => {
  for (const name of ["turns.test.mjs", "deaf.test.mjs", "open.test.mjs"] as const) {
    it(`is ended and named: ${name}`, async () => {
      const printed = await run(name, "slow.test.mjs");
      assert.match(printed, new RegExp(`${name} was ended: it had said nothing for 2 s`));
      assert.doesNotMatch(printed, /slow\.test\.mjs was ended/);
      assert.match(printed, name === "open.test.mjs" ? /^5 passed, 1 failed$/m : /^4 passed, 1 failed$/m);
    });
  }

  it("is ended with what it has started", async () => {
    const printed = await run("parent.test.mjs");
    const pid = Number(await readFile(join(folder, "parent.test.mjs.pid"), "utf8"));
    const isLeft = isAlive(pid);
    if (isLeft) process.kill(pid);
    assert.match(printed, /^0 passed, 1 failed$/m);
    assert.ok(!isLeft);
  });
});
