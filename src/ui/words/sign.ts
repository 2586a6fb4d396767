import { isLeft, waitsForUser } from "../../jobs/facts.ts";
import type { Job } from "../../jobs/job.ts";
import { type Sign, signTable } from "../../shared/jobs/signs.ts";
import type { JobText } from "./job.ts";

/** How a job looks. */
export function signOf({ progress }: Job, { trouble }: Pick<JobText, "trouble">): Sign {
  if (isLeft(progress)) {
    return "left";
  }
  const isHeldUp = trouble !== undefined || (progress.state === "waiting" && waitsForUser(progress));
  return isHeldUp ? "heldUp" : progress.state;
}

/** A sign's icon as VS Code names it. */
export function iconId(sign: Sign): string {
  const { icon, spins } = signTable[sign];
  return spins ? `${icon}~spin` : icon;
}
