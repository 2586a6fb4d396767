import { paidOnce } from "./paidOnce.ts";

paidOnce("any certificate");
