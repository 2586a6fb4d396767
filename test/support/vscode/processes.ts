import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { run } from "../../../scripts/setup/run.ts";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Whether a process of this id is there and has not ended, however long its parent takes to notice. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || afterName(readFileSync(`/proc/${pid}/stat`, "utf8"))[0] !== "Z";
  } catch {
    return false;
  }
}

/** The state and the parent in what Linux says of a process: they follow its name, which stands in parentheses and may hold anything. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function processesOfLinux(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        const [state, parent] = afterName(stat);
        if (state === "Z") return undefined;
        const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
        return { pid, parent: Number(parent), command };
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter((each) => each !== undefined);
}

async function processesOfPs(): Promise<Process[]> {
  const lines = (await run("ps", ["-Ao", "pid=,ppid=,command="], { cwd: "/" })).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Process ids of all extension hosts among the descendants of a process. */
export async function extensionHostsBelow(ancestor: number): Promise<number[]> {
  const all = await (process.platform === "linux" ? processesOfLinux() : processesOfPs());
  const family = new Set([ancestor]);
  let size = 0;
  while (size !== family.size) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all
    .filter(({ pid, command }) => family.has(pid) && command.includes("--type=extensionHost"))
    .map(({ pid }) => pid);
}
