import type { World } from "./world.ts";

let current: World | undefined;

/** The world that the product's code runs in right now. Throws where there is none. */
export function world(): World {
  if (current === undefined) {
    throw new Error("no simulation is under way");
  }
  return current;
}

/** Sets the world that the product's code runs in. */
export function setWorld(next: World | undefined): void {
  current = next;
}
