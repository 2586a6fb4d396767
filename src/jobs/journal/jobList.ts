import * as z from "zod";
import type { Job } from "../job.ts";
import type { Database } from "./database.ts";
import { JobRows, jobColumns, type Listed } from "./jobRows.ts";
import { chargeColumns, putBack } from "./putBack.ts";
import type { Sendings } from "./sendings.ts";
import { isBusy, type SqlRow } from "./sql.ts";

/** So many of the last charges are remembered: the cap is about a month. */
const chargesMatter = 2000;

const timesSchema = z.object({ created_at: z.number() });
const chargeSchema = z.object({ job: z.string(), at: z.number() });

/**
 * The jobs as this window last read them. If somebody empties the journal's file or restores older content, this is what
 * the window puts back before anything else happens.
 */
export class JobList {
  readonly #db: Database;
  readonly #rows = new JobRows();
  #charges = new Map<string, SqlRow>();
  #uploads: readonly SqlRow[] = [];
  #newest = Number.NEGATIVE_INFINITY;
  /** Jobs that this window has changed since they were read. */
  readonly #touched = new Set<string>();
  /** The version of the file that the list shows; undefined if it must be read again. */
  #version: string | undefined;
  #hasListed = false;
  /** Makes what is known what it was before the transaction. */
  #restore: () => void = () => undefined;
  #isBehind = false;

  /** @param wentBack called when something had to be put back. */
  constructor(db: Database, sendings: Sendings, wentBack: () => void) {
    this.#db = db;
    db.remember({
      putBack: () => {
        const known = {
          jobs: this.#rows.known(),
          gone: this.#rows.gone,
          charges: [...this.#charges.values()],
          uploads: this.#uploads,
          newest: this.#newest,
          sendings,
        };
        return putBack(db, known) > 0 ? wentBack : undefined;
      },
      begun: () => {
        const [charges, uploads] = [new Map(this.#charges), this.#uploads];
        this.#rows.begin();
        this.#restore = () => {
          this.#rows.undo();
          this.#charges = charges;
          this.#uploads = uploads;
        };
      },
      written: () => this.#rememberUploads(),
      ended: (isCommitted) => {
        if (!isCommitted) {
          this.#restore();
        }
      },
    });
  }

  /** True if the last look gave an older list because the file was locked. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** This window has changed a job. */
  touch(id: string): void {
    this.#touched.add(id);
  }

  /** Like `touch`, with the current row, which is known at once, whatever happens to the file before the next look. */
  wrote(row: SqlRow, job: Job): void {
    this.#touched.add(job.id);
    this.#rows.keep(row, job);
  }

  /** The current list. Costs next to nothing while nothing changed. */
  look(): Listed {
    try {
      const version = this.#db.version();
      if (version !== this.#version) {
        this.#db.keepUp();
        this.#rows.readAll(this.#noted(this.#db.all(`SELECT ${jobColumns} FROM jobs WHERE removed = 0`)));
        this.#charges.clear();
        this.#remember("TRUE ORDER BY rowid DESC LIMIT ?", chargesMatter);
        this.#rememberUploads();
        this.#version = version;
        this.#touched.clear();
      } else if (this.#touched.size > 0) {
        const ids = [...this.#touched];
        const [text, which] = [JSON.stringify(ids), "IN (SELECT value FROM json_each(?))"];
        const rows = this.#db.all(`SELECT ${jobColumns} FROM jobs WHERE removed = 0 AND id ${which}`, text);
        this.#rows.readSome(ids, this.#noted(rows));
        for (const [id, charge] of this.#charges) {
          if (this.#touched.has(chargeSchema.parse(charge).job)) {
            this.#charges.delete(id);
          }
        }
        this.#remember(`job ${which}`, text);
        this.#touched.clear();
      }
      this.#hasListed = true;
      this.#isBehind = false;
    } catch (error) {
      if (!isBusy(error) || !this.#hasListed) {
        throw error;
      }
      this.#isBehind = true;
    }
    return this.#rows.listed;
  }

  #noted(rows: SqlRow[]): SqlRow[] {
    for (const row of rows) {
      this.#newest = Math.max(this.#newest, timesSchema.parse(row).created_at);
    }
    return rows;
  }

  #remember(condition: string, value: string | number): void {
    for (const row of this.#db.all(`SELECT ${chargeColumns} FROM charges WHERE ${condition}`, value)) {
      this.#charges.set(String(row.id), row);
      this.#newest = Math.max(this.#newest, chargeSchema.parse(row).at);
    }
  }

  #rememberUploads(): void {
    this.#uploads = this.#db.all("SELECT * FROM uploads");
  }
}
