import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults of submitting and cancelling", table.submitting, 6);
