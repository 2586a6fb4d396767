import * as z from "zod";
import { distanceOf } from "../../shared/jobs/states.ts";
import { json, type SqlRow } from "./sql.ts";

const progressSchema = json.pipe(
  z.object({
    requestId: z.string().optional(),
    problem: z.looseObject({ code: z.string().optional(), requestId: z.string().optional() }).optional(),
  }),
);

/**
 * True if a row of a job knows more about its money than another row of the same job: first a request's id, then that a
 * request may be paid for, then how far the job has come. This version need not be able to read either row.
 */
export function isFurther(row: SqlRow, other: SqlRow): boolean {
  return distance(row) > distance(other);
}

function distance({ state, progress }: SqlRow): number {
  const name = String(state);
  const { requestId, problem } = progressSchema.safeParse(progress).data ?? {};
  const isLost =
    name === "submitting" || name === "unclear" || (name === "failed" && problem?.code === "submitUnclear");
  const known = requestId !== undefined ? 3 : problem?.requestId !== undefined ? 2 : isLost ? 1 : 0;
  return known * 100 + distanceOf(name);
}
