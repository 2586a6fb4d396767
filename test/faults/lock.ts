import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Holds the journal's write lock for as long as it is told, then commits. */
const program = `
const { DatabaseSync } = require("node:sqlite");
const { writeFileSync } = require("node:fs");
const [file, sign] = process.argv.slice(1);
process.stdin.once("data", (text) => {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE");
  writeFileSync(sign, "");
  setTimeout(() => { db.exec("COMMIT"); process.exit(); }, Number(text));
});
console.log("ready");
`;

/** Another process that can lock a journal. */
export interface Locker {
  /** Returns once the lock is held, without ever giving way to other work of this process. */
  lockFor(ms: number): void;
  end(): Promise<void>;
}

/** Starts the other process. */
export async function startLocker(storage: string): Promise<Locker> {
  const sign = join(storage, "locked.sign");
  const child = spawn(process.execPath, ["-e", program, join(storage, "journal.sqlite"), sign], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return {
    lockFor(ms) {
      child.stdin.write(String(ms));
      while (!existsSync(sign)) {
        Atomics.wait(pause, 0, 0, 5);
      }
    },
    async end() {
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill();
        await ended;
      }
    },
  };
}
