import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Chaos } from "./chaos.ts";
import { factsOf, promptOf, type Row, saysMayBePaid } from "./rows.ts";
import { wordOf } from "./window.ts";
import type { World } from "./world.ts";

const active = new Set(["preparing", "waiting", "submitting", "queued", "running", "downloading"]);
const known = new Set([...active, "unclear", "needsAction", "saved", "failed", "cancelled"]);

const isForeign = ({ id, state }: Row): boolean => id.startsWith("foreign-") || !known.has(state);
const isOurs = (row: Row): boolean => !isForeign(row) && row.removed === 0;

/** True for a row in which the program has something to do that can come to an end. */
export function isUnderWay(world: World, row: Row): boolean {
  const { requestId } = factsOf(row);
  // A request that the service does not know is asked about for as long as its user wants.
  return active.has(row.state) && !isForeign(row) && (requestId === undefined || world.service.requests.has(requestId));
}

/** True when nothing is left to do for the program in any of its rows. */
export function isSettled(world: World, rows: readonly Row[]): boolean {
  return !rows.some((row) => isUnderWay(world, row));
}

/** True when there is something that is asked about again and again. */
export function isFollowing(rows: readonly Row[]): boolean {
  return rows.some((row) => active.has(row.state) && isOurs(row));
}

/** Each row by itself, once all is quiet. */
export function checkRows(world: World, rows: readonly Row[]): void {
  for (const row of rows.filter(isOurs)) {
    const { id, state, cancel } = row;
    const name = `${promptOf(row)} (${id.slice(0, 8)})`;
    if (isUnderWay(world, row)) {
      world.violation("stuck", `${name} is still ${state}: ${row.progress}`);
    }
    if ((state === "saved" || (state === "failed" && !saysMayBePaid(row))) && cancel === "asked") {
      world.violation("pendingCancel", `${name} is ${state} and its cancel still asked for`);
    }
    checkCopies(world, row, name);
  }
}

const orderSchema = z.looseObject({
  start: z.looseObject({ copy: z.string().optional() }),
  end: z.looseObject({ copy: z.string().optional() }),
});

/** The copies of the images of a job that may be sent (again) must be there. */
function checkCopies(world: World, row: Row, name: string): void {
  const { requestId } = factsOf(row);
  const isNeeded = saysMayBePaid(row) || (row.state === "failed" && requestId === undefined);
  const order = orderSchema.safeParse(JSON.parse(row.order)).data;
  for (const copy of [order?.start.copy, order?.end.copy]) {
    if (isNeeded && copy !== undefined && !existsSync(join(world.storage, "images", row.id, copy))) {
      world.violation("deleted", `${copy} of ${name}, which is ${row.state} ${row.progress}, is gone`);
    }
  }
}

/** What the windows show: every job that this version can know. */
export function checkViews(world: World, chaos: Chaos, rows: readonly Row[]): void {
  for (const window of chaos.living) {
    try {
      const shown = new Set(window.list().map(({ id }) => id));
      for (const row of rows.filter((each) => isOurs(each) && !shown.has(each.id))) {
        world.violation("hidden", `${window.name} does not show ${promptOf(row)}`);
      }
    } catch (error) {
      world.violation("hidden", `${window.name} cannot show its jobs: ${wordOf(error)}`);
    }
  }
}
