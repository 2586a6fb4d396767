import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults of downloading and saving", table.saving, 12);
