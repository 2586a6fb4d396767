import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

// Half of the rows, the others are in `odd.test.ts`: one process keeps only one core busy.
declareRows("faults, even rows", (row) => !row.alone && table.indexOf(row) % 2 === 0, 12);
