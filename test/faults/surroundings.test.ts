import { declareRows } from "./suite.ts";
import { table } from "./table/table.ts";

declareRows("faults of network, disk, folders, journal and image storage", table.surroundings, 8);
