import * as z from "zod";
import { canBeTakenUp, mayBePaid } from "../job.ts";
import type { Charges } from "./charges.ts";
import type { Database } from "./database.ts";
import type { Listed } from "./jobRows.ts";
import { sqlList } from "./sql.ts";

const namesSchema = z.array(z.object({ name: z.string() }));

/** As `Journal.tokensInUse`. */
export function tokensInUse(db: Database, { jobs, unreadable }: Listed, charges: Charges): string[] {
  // What a later version makes of a job that has ended is not known here.
  const sql = `SELECT DISTINCT sent_with AS name FROM jobs WHERE sent_with IS NOT NULL
    AND (state NOT IN ${sqlList("ended")} OR id IN (SELECT value FROM json_each(?)))`;
  const underWay = namesSchema.parse(db.all(sql, JSON.stringify([...unreadable]))).map(({ name }) => name);
  const canGoOn = jobs.filter(({ progress }) => canBeTakenUp(progress) || mayBePaid(progress));
  return [...new Set([...underWay, ...canGoOn.flatMap(({ sentWith }) => sentWith ?? []), ...charges.tokensInUse()])];
}
