import { after, before, describe, it } from "node:test";
import { type Lanes, openLanes } from "./lanes.ts";
import { play } from "./play.ts";
import type { Row } from "./row.ts";

/** Part of the names of the rows to play; all of them where it is not given. */
const only = process.env.FAULT_ROW ?? "";

/**
 * Makes a subtest of each row that is wanted, so many at once, then of each one that blocks the process. Its diagnostic
 * is what the user reads in the end.
 */
export function declareRows(title: string, all: readonly Row[], atOnce: number): void {
  const rows = all.filter((row) => row.name.includes(only));
  describe(title, { skip: rows.length === 0 }, () => {
    let lanes: Lanes;
    before(async () => {
      lanes = await openLanes(atOnce);
    });
    after(async () => {
      await lanes[Symbol.asyncDispose]();
    });
    const declare = (row: Row): void => {
      it(row.name, async (context) => {
        if (row.volume !== undefined && !lanes.canMount) {
          context.skip("this system does not let us mount a volume");
        } else {
          context.diagnostic(await play(row, lanes));
        }
      });
    };
    const { beside = [], alone = [] } = Object.groupBy(rows, (row) => (row.alone ? "alone" : "beside"));
    if (beside.length > 0) describe("beside each other", { concurrency: atOnce }, () => beside.forEach(declare));
    if (alone.length > 0) describe("one by one", () => alone.forEach(declare));
  });
}
