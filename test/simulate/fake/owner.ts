import { world } from "../current.ts";
import { mustBeRunning } from "../scheduler.ts";
import { randomUUID } from "./crypto.ts";

// In the place of the product's own, which asks the real system for its name and its processes.

/** Names the window whose code runs, as the product does. */
export function newOwner(): string {
  const process = mustBeRunning();
  return `${process?.machine}|${process?.pid}|${randomUUID()}`;
}

/** True where a process of the same machine has ended; nothing is known of other machines. */
export function isGone(owner: string): boolean {
  const [machine, pid] = owner.split("|");
  return machine === mustBeRunning().machine && world().processes.get(Number(pid))?.isAlive !== true;
}
