import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults, odd rows", (row) => !row.alone && table.indexOf(row) % 2 === 1, 12);
