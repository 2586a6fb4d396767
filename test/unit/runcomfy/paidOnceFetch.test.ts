import { paidOnce } from "./paidOnce.ts";

paidOnce("fetch");
