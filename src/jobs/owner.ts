import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** Names this window in leases: machine, process, and one of its own. */
export function newOwner(): string {
  return `${hostname()}|${process.pid}|${randomUUID()}`;
}

/** True when the owner is a process of this machine that has ended. */
export function isGone(owner: string): boolean {
  const [host, pid] = owner.split("|");
  if (host !== hostname()) {
    return false;
  }
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
