import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

// Those rows keep their whole process waiting: the others are in `blocking-odd.test.ts`, which waits at the same time.
declareRows("faults that block the process, even rows", (row) => row.alone === true && table.indexOf(row) % 2 === 0, 1);
