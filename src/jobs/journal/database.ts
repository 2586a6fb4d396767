import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import * as z from "zod";
import { carryOver } from "./carryOver.ts";
import { identityOf, isCurrent, openJournalFile } from "./file.ts";
import { isBroken, isBusy, Spoilt, type SqlRow } from "./sql.ts";
import { Trail } from "./trail.ts";

/**
 * After one caller met a lock, all others get its error without a try of their own for so long, ms. Otherwise many callers
 * that wait for the same lock would block the window one after the other.
 */
const lockPause = 200;

/** Some file systems give a file another number at each look. We do not reopen it sooner than this, ms. */
const reopenPause = 5000;

const versionSchema = z.object({ data_version: z.number() });
const changesSchema = z.object({ n: z.number() });

/** What a window knows of the journal besides the file. */
interface Memory {
  /**
   * Puts what is known back where the file went back in time, in the transaction that comes upon it and before that does
   * anything else. What it gives is called once that is committed.
   */
  readonly putBack: () => (() => void) | undefined;
  /** A transaction begins. */
  readonly begun: () => void;
  /** It has written, and is about to be committed. */
  readonly written: () => void;
  /** It is over. What was learned in one that was not committed is not so. */
  readonly ended: (isCommitted: boolean) => void;
}

/**
 * This window's connection to the journal's file. It follows the path: if somebody moved, replaced, emptied or damaged the
 * file, it reopens the path and puts there what the window knows.
 */
export class Database {
  readonly file: string;
  readonly #setAside: (path: string) => void;
  #db: DatabaseSync;
  #identity: string | undefined;
  #statements = new Map<string, StatementSync>();
  /** Counts events that may change this connection's view of the rows without another connection's commit. */
  #breaks = 0;
  #lock: { readonly until: number; readonly error: unknown } | undefined;
  #closed = false;
  #reopenedAt = Number.NEGATIVE_INFINITY;
  readonly #trail = new Trail();
  #memory: Memory | undefined;

  /** As `openJournalFile`. */
  constructor(file: string, setAside: (path: string) => void) {
    this.file = file;
    this.#setAside = setAside;
    this.#db = openJournalFile(file, setAside);
    this.#identity = identityOf(file);
  }

  close(): void {
    this.#closed = true;
    if (this.#db.isOpen) {
      this.#db.close();
    }
  }

  /** Has what this window knows of the file kept in step with it. */
  remember(memory: Memory): void {
    this.#memory = memory;
  }

  /** Checks that the file descends from what this window last saw of it; if not, puts back what the window knows. */
  keepUp(): void {
    const leads = this.#guarded(() => {
      const isSame = this.#trail.leads(this.#prepared);
      if (isSame) {
        this.#trail.reached(this.#trail.end(this.#prepared));
      }
      return isSame;
    });
    if (!leads) {
      this.transaction(() => undefined);
    }
  }

  /** All rows of a query. Throws the lock's error at once where another window holds one. */
  all(sql: string, ...values: SQLInputValue[]): SqlRow[] {
    return this.#guarded(() => this.#prepared(sql).all(...values));
  }

  /** The first row of a query. */
  get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined {
    return this.#guarded(() => this.#prepared(sql).get(...values));
  }

  /** Runs a statement that writes, in a transaction. Gives the number of rows that it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.transaction(() => Number(this.#prepared(sql).run(...values).changes));
  }

  /**
   * Does all of `body` or nothing, with exclusive access to the journal; inside another transaction, as a part of it. `body`
   * may run a second time if the file had to be reopened.
   * @throws {ProblemError} `journalNewer`, with nothing written, if a later version has taken the journal over.
   */
  transaction<T>(body: () => T): T {
    return this.#guarded(() => {
      const db = this.#db;
      if (db.isTransaction) {
        return body();
      }
      let told: (() => void) | undefined;
      let value: T;
      db.exec("BEGIN IMMEDIATE");
      this.#memory?.begun();
      try {
        if (!isCurrent(db, this.file)) {
          throw new Spoilt("somebody has emptied it, or put one of an earlier version in its place");
        }
        const before = this.#changes();
        if (!this.#trail.leads(this.#prepared)) {
          this.#breaks += 1;
          told = this.#memory?.putBack();
        }
        value = body();
        // A transaction that wrote nothing must not look like a commit to the other windows.
        const isWritten = this.#changes() !== before;
        const step = isWritten ? this.#trail.add(this.#prepared) : this.#trail.end(this.#prepared);
        if (isWritten) {
          this.#memory?.written();
        }
        db.exec("COMMIT");
        this.#memory?.ended(true);
        this.#trail.reached(step);
      } catch (error) {
        this.#breaks += 1;
        this.#memory?.ended(false);
        if (db.isTransaction) {
          db.exec("ROLLBACK");
        }
        throw error;
      }
      try {
        told?.();
      } catch {
        // The commit counts even if nobody is left to hear of it.
      }
      return value;
    });
  }

  /** A text that changes with each commit of another window, and whenever this connection may see other rows than before. */
  version(): string {
    const { data_version: version } = versionSchema.parse(this.get("PRAGMA data_version"));
    return `${this.#breaks} ${version}`;
  }

  readonly #prepared = (sql: string): StatementSync => {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  };

  /** How many rows this connection has changed so far. */
  #changes(): number {
    return changesSchema.parse(this.#prepared("SELECT total_changes() AS n").get()).n;
  }

  #guarded<T>(work: () => T): T {
    if (this.#db.isOpen && this.#db.isTransaction) {
      return work();
    }
    if (this.#lock !== undefined && performance.now() < this.#lock.until) {
      throw this.#lock.error;
    }
    try {
      if (!this.#db.isOpen || this.#isMoved()) {
        this.#reopen();
      }
      return this.#mendedAtOnce(work);
    } catch (error) {
      if (isBusy(error)) {
        this.#lock = { until: performance.now() + lockPause, error };
      }
      throw error;
    }
  }

  #mendedAtOnce<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const isSpoilt = isBroken(error) || (!isBusy(error) && this.#isOutdated());
      // SQLite refuses to write to a file without a name, with one of several errors.
      if (!isSpoilt && !this.#isMoved()) {
        throw error;
      }
      if (isSpoilt) {
        this.#db.close();
      }
      this.#reopen();
      return work();
    }
  }

  /** True if another file is at the path, or if the folder exists without the file. */
  #isMoved(): boolean {
    if (performance.now() - this.#reopenedAt < reopenPause) {
      return false;
    }
    const identity = identityOf(this.file);
    return identity !== undefined && identity !== this.#identity;
  }

  /** True if the file has lost its tables, or has those of an earlier version. */
  #isOutdated(): boolean {
    try {
      return !isCurrent(this.#db, this.file);
    } catch {
      return false;
    }
  }

  #reopen(): void {
    if (this.#closed) {
      throw new Error("the journal is closed");
    }
    const old = this.#db;
    const fresh = openJournalFile(this.file, this.#setAside);
    if (old.isOpen) {
      try {
        carryOver(old, fresh);
      } catch (error) {
        if (isBusy(error)) {
          fresh.close();
          throw error;
        }
      }
      old.close();
    }
    this.#db = fresh;
    this.#statements = new Map();
    this.#identity = identityOf(this.file);
    this.#breaks += 1;
    this.#reopenedAt = performance.now();
  }
}
