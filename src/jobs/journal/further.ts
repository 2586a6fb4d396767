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
 * True where a row of a job knows more of its money than another of the same job: first of all a request's id, then that a
 * request may be paid for, then how far it has come. Neither of the two need be readable for this version.
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
