import { declareRows } from "./suite.ts";

declareRows("faults that block the process", (row) => row.alone ?? false, 1);
