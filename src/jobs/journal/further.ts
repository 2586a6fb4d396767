import * as z from "zod";
import { endStates } from "../job.ts";
import type { SqlRow } from "./database.ts";
import { json } from "./sql.ts";

const progressSchema = json.pipe(
  z.object({
    requestId: z.string().optional(),
    problem: z.looseObject({ code: z.string().optional(), requestId: z.string().optional() }).optional(),
  }),
);

/**
 * True where a row of a job knows more of its money than another of the same job: first of all a request's id, then that a
 * request may be paid for, then how far it has come. Neither of the two need be readable for this version.
 */
export function isFurther(row: SqlRow, other: SqlRow): boolean {
  return distance(row) > distance(other);
}

function distance({ state, progress }: SqlRow): number {
  const word = String(state);
  const { requestId, problem } = progressSchema.safeParse(progress).data ?? {};
  const isLost =
    word === "submitting" || word === "unclear" || (word === "failed" && problem?.code === "submitUnclear");
  const known = requestId !== undefined ? 3 : problem?.requestId !== undefined ? 2 : isLost ? 1 : 0;
  const before = ["preparing", "waiting", "submitting", "unclear"].indexOf(word);
  const way = before >= 0 ? before : word === "saved" ? 30 : endStates.some((end) => end === word) ? 20 : 10;
  return known * 100 + way;
}
