import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults that block the process, odd rows", (row) => row.alone === true && table.indexOf(row) % 2 === 1, 1);
