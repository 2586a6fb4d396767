import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** How long a program may take to end by itself once it was told to, ms. */
const patience = 10_000;

/** Parent of each process of this machine, by process id. */
function parents() {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-Ao", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number)));
  }
  const found = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The second field is the name in parentheses, which may hold anything; state and parent follow it.
      found.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has just ended.
    }
  }
  return found;
}

/** Ids of all processes that a process has started, and of those that they have started. */
function descendantsOf(ancestor) {
  const all = [...parents()];
  const family = new Set([ancestor]);
  let size = 0;
  while (size !== family.size) {
    size = family.size;
    for (const [pid, parent] of all) if (family.has(parent)) family.add(pid);
  }
  family.delete(ancestor);
  return family;
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

/**
 * Ends a process and all that it has started, at once.
 * @param {number} pid
 */
export function endWith(pid) {
  if (process.platform === "win32") {
    execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  const family = descendantsOf(pid);
  kill(pid);
  family.forEach(kill);
}

/**
 * Ends a child and all that it has started, also what has a process group of its own, when this process is told to end
 * (Ctrl+C, SIGTERM, a terminal that goes away) or when npm, which started it, is gone. The child gets the signal first and
 * has 10 s to end by itself.
 * @param {import("node:child_process").ChildProcess} child
 */
export function endAllWith(child) {
  let isEnding = false;
  const end = (signal) => {
    if (isEnding || child.pid === undefined) return;
    isEnding = true;
    if (process.platform === "win32") {
      endWith(child.pid);
      return;
    }
    const family = descendantsOf(child.pid);
    child.prependOnceListener("exit", () => family.forEach(kill));
    child.kill(signal);
    setTimeout(() => {
      for (const pid of descendantsOf(child.pid)) family.add(pid);
      child.kill("SIGKILL");
    }, patience).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(signal));
  if (process.env.npm_lifecycle_event !== undefined) {
    const npm = process.ppid;
    setInterval(() => process.ppid === npm || end("SIGTERM"), 1000).unref();
  }
}
