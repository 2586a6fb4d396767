import { after, before, describe, it } from "node:test";
import { type Lanes, openLanes } from "./lanes.ts";
import { play } from "./play.ts";
import type { Row } from "./row.ts";
import { table } from "./table/table.ts";

/** Part of the names of the rows to play; all of them where it is not given. */
const only = process.env.FAULT_ROW ?? "";

/** Makes a subtest of each row that is wanted, so many at once. Its diagnostic is what the user reads in the end. */
export function declareRows(title: string, isWanted: (row: Row) => boolean, atOnce: number): void {
  const rows = table.filter((row) => isWanted(row) && row.name.includes(only));
  describe(title, { concurrency: atOnce, skip: rows.length === 0 }, () => {
    let lanes: Lanes;
    before(async () => {
      lanes = await openLanes(atOnce);
    });
    after(async () => {
      await lanes[Symbol.asyncDispose]();
    });
    for (const row of rows) {
      it(row.name, async (context) => {
        if (row.volume !== undefined && !lanes.canMount) {
          context.skip("this system does not let us mount a volume");
        } else {
          context.diagnostic(await play(row, lanes));
        }
      });
    }
  });
}
