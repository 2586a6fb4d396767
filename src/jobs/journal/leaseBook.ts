import * as z from "zod";
import { type State, stateSchema } from "../../shared/jobs/states.ts";
import type { Database } from "./database.ts";
import { idsOf } from "./jobRows.ts";
import { listOf, sqlList } from "./sql.ts";

const ownedSchema = z.array(z.object({ id: z.string(), state: stateSchema }));
const leasesSchema = z.array(
  z.object({ id: z.string(), state: z.string(), owner: z.string().nullable(), stamp: z.number().nullable() }),
);
/** Who acts on an active job, and the last sign of its life. */
export type Lease = z.infer<typeof leasesSchema>[number];

/** Which window acts on which job: a lease per job, in the job's own row. */
export class LeaseBook {
  readonly #db: Database;
  readonly #active: () => readonly string[];

  /** @param active ids of the jobs that may be leased. */
  constructor(db: Database, active: () => readonly string[]) {
    this.#db = db;
    this.#active = active;
  }

  /** The jobs in which the program has something to do and whose lease `owner` holds, oldest first. */
  owned(owner: string): { id: string; state: State }[] {
    const sql = `SELECT id, state FROM jobs WHERE owner = ? AND state IN ${sqlList("active")} ORDER BY created_at, id`;
    return ownedSchema.parse(this.#db.all(sql, owner));
  }

  /** Those of the `owned` jobs that are to be sent. */
  waiting(owner: string): string[] {
    return idsOf(this.#db, `owner = ? AND state IN ${listOf("waiting")}`, owner);
  }

  /** True when `owner` holds the job's lease: nobody else has taken it. */
  holds(id: string, owner: string): boolean {
    return idsOf(this.#db, "id = ? AND owner = ?", id, owner).length > 0;
  }

  /**
   * Gives the own leases a new stamp, and takes every other active job whose lease `isFree`.
   * @param stamp another one than at the last call. As the time until which versions before this one let a lease hold, ms,
   * it keeps those away too.
   * @returns the leases of all active jobs as they stood before, and whether any was taken over
   */
  claim(owner: string, stamp: number, isFree: (lease: Lease) => boolean): { leases: Lease[]; taken: boolean } {
    return this.#db.transaction(() => {
      const sql = `SELECT id, state, owner, owned_until AS stamp FROM jobs
         WHERE state IN ${sqlList("active")} AND id IN (SELECT value FROM json_each(?))`;
      const leases = leasesSchema.parse(this.#db.all(sql, JSON.stringify(this.#active())));
      const free = leases.filter((lease) => lease.owner !== owner && isFree(lease));
      for (const { id } of [...leases.filter((lease) => lease.owner === owner), ...free]) {
        this.#db.run("UPDATE jobs SET owner = ?, owned_until = ? WHERE id = ?", owner, stamp, id);
      }
      return { leases, taken: free.length > 0 };
    });
  }

  /**
   * Gives the leases of an owner back, so that another window goes on at once. A job whose POST is under way keeps its
   * lease: nobody may judge it before its answer has had its chance to be written down.
   */
  release(owner: string): void {
    this.#db.run(
      `UPDATE jobs SET owner = NULL, owned_until = NULL WHERE owner = ? AND state NOT IN ${listOf("submitting")}`,
      owner,
    );
  }
}
