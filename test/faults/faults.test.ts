import { after, before, describe, it } from "node:test";
import { type Lanes, openLanes } from "./lanes.ts";
import { play } from "./play.ts";
import type { Row } from "./row.ts";
import { table } from "./table/table.ts";
import { closeConnections } from "./world.ts";

const lanesAtOnce = Number(process.env.LANES ?? 6);
/** One row of the table, by a part of its name; all of them where it is not given. */
const only = process.env.FAULT_ROW ?? "";
let lanes: Lanes;

before(async () => {
  lanes = await openLanes(lanesAtOnce);
});
after(async () => {
  console.error("after", Date.now()); await lanes[Symbol.asyncDispose]();console.error("lanes closed", Date.now(), process.getActiveResourcesInfo());
  await closeConnections();console.error("conn closed", Date.now());
});

function test(row: Row): void {
  it(row.name, async (context) => {
    if (row.volume !== undefined && !lanes.canMount) {
      context.skip("this system does not let us mount a volume");
    } else {
      context.diagnostic(await play(row, lanes));
    }
  });
}

const rows = table.filter((row) => row.name.includes(only));
describe("faults", { concurrency: lanesAtOnce }, () => rows.filter((row) => !row.alone).forEach(test));
describe("faults that block the process", () => rows.filter((row) => row.alone).forEach(test));
