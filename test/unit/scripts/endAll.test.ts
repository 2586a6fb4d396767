import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "../../../scripts/paths.ts";
import { isAlive } from "../../support/vscode/processes.ts";

const program = ["scripts/withNode.mjs", "test/unit/scripts/stubborn.ts"];

/** The process ids that the program prints, once it and its child run. */
async function pidsOf(started: ChildProcess): Promise<number[]> {
  let text = "";
  for await (const chunk of started.stdout ?? []) {
    text += String(chunk);
    const [, ...pids] = /pids (\d+) (\d+)\./.exec(text) ?? [];
    if (pids.length > 0) return pids.map(Number);
  }
  throw new Error(`it ended early: ${text}`);
}

/** Waits until all have ended, 15 s at most. */
async function gone(pids: readonly number[]): Promise<void> {
  const end = AbortSignal.timeout(15_000);
  while (pids.some(isAlive)) await wait(50, undefined, { signal: end });
}

describe("what a script has started ends with it", { timeout: 30_000, skip: process.platform === "win32" }, () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`on ${signal}`, async () => {
      const started = spawn(process.execPath, program, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
      const pids = await pidsOf(started);
      started.kill(signal);
      await Promise.all([gone(pids), once(started, "exit")]);
    });
  }

  it("when its terminal goes away", async () => {
    const command = [process.execPath, ...program].join(" ");
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
    const pids = await pidsOf(terminal);
    terminal.kill("SIGKILL");
    await gone(pids);
  });

  it("when npm, which started it, is killed", async () => {
    const env = { ...process.env, npm_lifecycle_event: "start" };
    const command = `"${process.execPath}" ${program.join(" ")}; true`;
    const npm = spawn("/bin/sh", ["-c", command], { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
    const pids = await pidsOf(npm);
    assert.ok(pids.every(isAlive));
    npm.kill("SIGKILL");
    await gone(pids);
  });
});
