import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults of following", table.following, 12);
