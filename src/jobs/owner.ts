import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "../shared/errors.ts";

/**
 * The scope of process ids: this machine since it started, and this container on it. A host name alone is not enough:
 * containers share their host's home folder, and cloned machines share their name.
 */
const here = [
  hostname(),
  textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  textOf(() => readlinkSync("/proc/self/ns/pid")),
].join("/");

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    // Only Linux has these files.
    return "";
  }
}

/** A name for this window in leases: machine, process, and a random id. */
export function newOwner(): string {
  return `${here}|${process.pid}|${randomUUID()}`;
}

/** True when the owner is a process of this machine that has ended. */
export function isGone(owner: string): boolean {
  const [place, pid] = owner.split("|");
  if (place !== here) {
    return false;
  }
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
