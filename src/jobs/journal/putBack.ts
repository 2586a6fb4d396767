import { states, stateTable } from "../../shared/jobs/states.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { Database } from "./database.ts";
import { isFurther } from "./further.ts";
import { jobColumns } from "./jobRows.ts";
import { isMisfit, type SqlRow, sqlList } from "./sql.ts";

/** What a window knew of the journal before it went back. */
export interface Known {
  /** Rows of `jobColumns`, by the jobs' ids. */
  readonly jobs: ReadonlyMap<string, SqlRow>;
  /** Rows of `chargeColumns`. */
  readonly charges: readonly SqlRow[];
  /** When the newest job that this window has ever seen was created, ms. */
  readonly newest: number;
}

const isAnswered = ([, { id }]: readonly [job: string, charge: SqlRow]) => !String(id).startsWith("lost-");
const unsentStates = states.filter((state) => stateTable[state].unsent);
const isUnsent = ({ state }: SqlRow) => unsentStates.some((unsent) => unsent === state);

/**
 * Puts what a window knew back into a journal that has lost it: one that was emptied, or has older content, or only the
 * readable rows of a damaged file. Call it in a transaction, before anything relies on that content. A job that waits there
 * but may have been sent since is stopped until its user decides.
 * @returns how many jobs were put back or stopped.
 */
export function putBack(db: Database, { jobs, charges, newest }: Known): number {
  let count = 0;
  const sent = new Map(Array.from(charges, (charge) => [String(charge.job), charge] as const).filter(isAnswered));
  const stopped = (row: SqlRow): SqlRow => {
    const charge = sent.get(String(row.id));
    const requestId = charge && String(charge.id);
    const problem: Problem = { code: "submitUnclear", reason: "older journal", ...(requestId && { requestId }) };
    return {
      ...row,
      state: "unclear",
      progress: JSON.stringify({ state: "unclear", problem }),
      submitted_at: charge?.at ?? row.submitted_at ?? null,
    };
  };
  const there = new Map(db.all(`SELECT ${jobColumns}, removed FROM jobs`).map((row) => [String(row.id), row]));
  for (const [id, row] of jobs) {
    const other = there.get(id);
    if (other === undefined) {
      count += write(db, isUnsent(row) ? stopped(row) : row);
    } else if (other.removed === 0 && isFurther(row, other)) {
      count += write(db, row);
    }
  }
  for (const [id, row] of there) {
    // This window knew the job once, and somebody removed it.
    if (!jobs.has(id) && row.removed === 0 && isUnsent(row) && Number(row.created_at) <= newest) {
      count += write(db, stopped(row));
    }
  }
  for (const charge of charges) {
    writeCharge(db, charge);
  }
  return count;
}

const columns = ["created_at", "submitted_at", "running_at", "ran_until", "ended_at", "cancel", "sent_with", "state"];
const written = ["id", ...columns, "progress", "order"];

/** Keeps the owner that the file names. The user has already been notified of an end. */
function write(db: Database, row: SqlRow): number {
  const names = written.map((name) => `"${name}"`);
  const isEnd = `CASE WHEN excluded.state IN ${sqlList("ended")} THEN 1 ELSE notified END`;
  return fitting(() =>
    db.run(
      `INSERT INTO jobs (${names.join(",")}, notified) VALUES (${names.map(() => "?").join(",")}, ? IN ${sqlList("ended")})
         ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(",")}, notified = ${isEnd}`,
      ...written.map((name) => row[name] ?? null),
      row.state ?? null,
    ),
  );
}

/** The columns of a charge that a window remembers. */
export const chargeColumns = "id, job, at, usd, estimate, service, sent_with, recipe";

function writeCharge(db: Database, row: SqlRow): void {
  const names = chargeColumns.split(", ");
  fitting(() =>
    db.run(
      `INSERT INTO charges (${chargeColumns}) VALUES (${names.map(() => "?").join(",")})
         ON CONFLICT (id) DO UPDATE SET usd = excluded.usd WHERE usd IS NULL AND excluded.usd IS NOT NULL`,
      ...names.map((name) => row[name] ?? null),
    ),
  );
}

/** Skips a row that the table rejects: it must not keep the others from being put back. */
function fitting(put: () => number): number {
  try {
    return put();
  } catch (error) {
    if (!isMisfit(error)) {
      throw error;
    }
    return 0;
  }
}
