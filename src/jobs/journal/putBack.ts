import { kindOf, stateSchema, states, stateTable } from "../../shared/jobs/states.ts";
import type { Problem } from "../../shared/model/problem.ts";
import { besidesRow } from "./besides.ts";
import type { Database } from "./database.ts";
import { idOfRow, whichCounts } from "./further.ts";
import { jobColumns, postsOf, withPosts } from "./jobRows.ts";
import type { Sendings } from "./sendings.ts";
import { isMisfit, type SqlRow, sqlList } from "./sql.ts";

/** What a window knew of the journal before it went back. */
export interface Known {
  /** Rows of `jobColumns`, by the jobs' ids. */
  readonly jobs: ReadonlyMap<string, SqlRow>;
  /** The last known rows of jobs that were taken out of the list since. */
  readonly gone: ReadonlyMap<string, SqlRow>;
  /** Rows of `chargeColumns`. */
  readonly charges: readonly SqlRow[];
  /** Whole rows. */
  readonly uploads: readonly SqlRow[];
  /** When the newest of all jobs was made or sent that were ever seen here, ms. */
  readonly newest: number;
  readonly sendings: Sendings;
}

const isAnswered = ([, { id }]: readonly [job: string, charge: SqlRow]) => !String(id).startsWith("lost-");
const unsentStates = states.filter((state) => stateTable[state].unsent);
const isUnsent = ({ state }: SqlRow) => unsentStates.some((unsent) => unsent === state);
const isEnd = ({ state }: SqlRow) => {
  const known = stateSchema.safeParse(state).data;
  return known !== undefined && kindOf(known) === "ended";
};

/**
 * Puts what a window knew back into a journal that has lost it: one that was emptied, or has older content, or only the
 * readable rows of a damaged file. Call it in a transaction, before anything relies on that content. A job that waits there
 * but may have been sent since is stopped until its user decides.
 * @returns how many jobs were put back or stopped.
 */
export function putBack(db: Database, { jobs, gone, charges, uploads, newest, sendings }: Known): number {
  let count = 0;
  const sent = new Map(Array.from(charges, (charge) => [String(charge.job), charge] as const).filter(isAnswered));
  // When a job's last request was sent that is known of, also one whose answer got lost.
  const spent = new Map<string, number>();
  for (const { job, at } of charges) {
    spent.set(String(job), Math.max(Number(at), spent.get(String(job)) ?? 0));
  }
  const stopped = (row: SqlRow): SqlRow => {
    const id = String(row.id);
    const charge = sent.get(id);
    const requestId = charge && String(charge.id);
    const problem: Problem = { code: "submitUnclear", reason: "older journal", ...(requestId && { requestId }) };
    return {
      ...row,
      state: "unclear",
      progress: JSON.stringify({ state: "unclear", problem }),
      order: withPosts(row, sendings.last(id)),
      submitted_at: spent.get(id) ?? row.submitted_at ?? null,
      revision: Number(row.revision ?? 0) + 1,
    };
  };
  const there = new Map(db.all(`SELECT ${jobColumns}, removed FROM jobs`).map((row) => [String(row.id), row]));
  const holders = new Map<string, Set<string>>();
  for (const [id, row] of [...jobs, ...there]) {
    const requestId = row.removed === 1 ? undefined : idOfRow(row);
    if (requestId !== undefined) {
      holders.set(requestId, (holders.get(requestId) ?? new Set()).add(id));
    }
  }
  for (const [id, row] of jobs) {
    const other = there.get(id);
    if (other === undefined) {
      count += write(db, isUnsent(row) ? stopped(row) : row);
    } else if (other.removed === 0) {
      const which = whichCounts(row, other, (requestId) => (holders.get(requestId)?.size ?? 0) > 1);
      if (which === "mine") {
        forgetFound(db, id, charges);
      }
      count += which === "theirs" ? 0 : write(db, which === "mine" ? row : besidesRow(row));
    }
  }
  for (const [id, row] of there) {
    if (jobs.has(id) || row.removed !== 0) {
      continue;
    }
    if (isUnsent(row)) {
      // It was there before and was taken out of the list, or was sent.
      if (Number(row.created_at) <= newest || spent.has(id) || sendings.last(id) > postsOf(row)) {
        count += write(db, stopped(row));
      }
      continue;
    }
    const last = gone.get(id);
    if (last !== undefined && isEnd(last) && whichCounts(last, row, () => false) === "mine") {
      write(db, last);
      db.run("UPDATE jobs SET removed = 1 WHERE id = ?", id);
      forgetFound(db, id, charges);
    }
  }
  for (const charge of charges) {
    writeCharge(db, charge);
  }
  for (const upload of uploads) {
    const names = Object.keys(upload);
    const values = names.map((name) => upload[name] ?? null);
    const sql = `INSERT OR IGNORE INTO uploads (${names.join(",")}) VALUES (${names.map(() => "?").join(",")})`;
    fitting(() => db.run(sql, ...values));
  }
  return count;
}

const columns = ["created_at", "submitted_at", "running_at", "ran_until", "ended_at", "cancel", "sent_with", "state"];
const written = ["id", ...columns, "progress", "order", "revision"];

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

/** A request that was lost when the file was copied has turned up since: it is counted by its own id. */
function forgetFound(db: Database, job: string, charges: readonly SqlRow[]): void {
  const known = JSON.stringify(charges.filter((charge) => charge.job === job).map(({ id }) => id));
  const sql = "DELETE FROM charges WHERE job = ? AND id LIKE 'lost-%' AND id NOT IN (SELECT value FROM json_each(?))";
  // Without a charge of the job nothing is known of what it cost.
  if (known !== "[]") {
    db.run(sql, job, known);
  }
}
