import { declareRows } from "./suite.ts";

declareRows("faults", (row) => !row.alone, 12);
