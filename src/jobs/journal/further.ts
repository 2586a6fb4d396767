import * as z from "zod";
import { distanceOf } from "../../shared/jobs/states.ts";
import { json, type SqlRow } from "./sql.ts";

const progressSchema = json.pipe(
  z.object({
    requestId: z.string().optional(),
    problem: z.looseObject({ code: z.string().optional(), requestId: z.string().optional() }).optional(),
  }),
);

/** The request that a row of a job names. */
export function idOfRow({ progress }: SqlRow): string | undefined {
  const { requestId, problem } = progressSchema.safeParse(progress).data ?? {};
  return requestId ?? problem?.requestId;
}

/**
 * True if a row of a job knows more about its money than another row of the same job: first a request's id, then that a
 * request may be paid for, then how far the job has come. This version need not be able to read either row.
 */
export function whichCounts(
  mine: SqlRow,
  theirs: SqlRow,
  isElsewhere: (requestId: string) => boolean,
): "mine" | "theirs" | "both" {
  const own = (row: SqlRow) => {
    const id = idOfRow(row);
    return id === undefined || isElsewhere(id) ? undefined : id;
  };
  const [mineId, theirsId] = [own(mine), own(theirs)];
  if (mineId !== theirsId) {
    return mineId === undefined ? "theirs" : theirsId === undefined ? "mine" : "both";
  }
  const changes = revisionOf(mine) - revisionOf(theirs);
  return (changes === 0 ? distance(mine) - distance(theirs) : changes) > 0 ? "mine" : "theirs";
}

/** How often a row was changed; 0 for one of a version that did not count that. */
function revisionOf({ revision }: SqlRow): number {
  return Number(revision ?? 0);
}

function distance({ state, progress }: SqlRow): number {
  const name = String(state);
  const { requestId, problem } = progressSchema.safeParse(progress).data ?? {};
  const isLost =
    name === "submitting" || name === "unclear" || (name === "failed" && problem?.code === "submitUnclear");
  const known = requestId !== undefined ? 3 : problem?.requestId !== undefined ? 2 : isLost ? 1 : 0;
  return known * 100 + distanceOf(name);
}
