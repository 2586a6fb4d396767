import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import * as z from "zod";
import { carryOver } from "./carryOver.ts";
import { identityOf, isCurrent, openJournalFile } from "./file.ts";
import { isBroken, isBusy, Spoilt, type SqlRow } from "./sql.ts";
import { Trail } from "./trail.ts";

/**
 * After a lock was met, everybody is told of it without a new try for so long, ms: many that wait for the same lock would
 * otherwise hold the window up one after the other.
 */
const lockPause = 200;

/** There are file systems that give a file another number at each look: it is opened anew no sooner than this, ms. */
const reopenPause = 5000;

const versionSchema = z.object({ data_version: z.number() });
const changesSchema = z.object({ n: z.number() });

/**
 * This window's connection to the journal's file. It stays with the path: a file that was moved away, replaced, emptied or
 * spoilt under it is opened anew, and what the window knows goes there.
 */
export class Database {
  readonly file: string;
  readonly #setAside: (path: string) => void;
  #db: DatabaseSync;
  #identity: string | undefined;
  #statements = new Map<string, StatementSync>();
  /** Counts what makes this connection's view of the rows another one without a commit of somebody else. */
  #breaks = 0;
  #lock: { readonly until: number; readonly error: unknown } | undefined;
  #closed = false;
  #reopenedAt = Number.NEGATIVE_INFINITY;
  readonly #trail = new Trail();
  #putBack: () => (() => void) | undefined = () => undefined;
  #remember: () => void = () => undefined;

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

  /**
   * Has what is known put back where the file went back in time, in the transaction that comes upon it and before that does
   * anything else. What `putBack` gives is called once it is committed.
   */
  whenBack(putBack: () => (() => void) | undefined): void {
    this.#putBack = putBack;
  }

  /** Has what this window writes remembered, in the transaction that writes it. */
  whenWritten(remember: () => void): void {
    this.#remember = remember;
  }

  /** Looks whether the file has come from what this window last saw of it; where it has not, what is known is put back. */
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
   * Does all of `body` or nothing of it, with the journal to itself; inside another transaction, as a part of it. `body`
   * may run a second time where the file had to be opened anew.
   * @throws {ProblemError} `journalNewer`, with nothing written, where a later version has taken the journal over.
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
      try {
        if (!isCurrent(db, this.file)) {
          throw new Spoilt("somebody has emptied it, or put one of an earlier version in its place");
        }
        const before = this.#changes();
        if (!this.#trail.leads(this.#prepared)) {
          this.#breaks += 1;
          told = this.#putBack();
        }
        value = body();
        // A transaction that wrote nothing must not look like a commit to the other windows.
        const isWritten = this.#changes() !== before;
        const step = isWritten ? this.#trail.add(this.#prepared) : this.#trail.end(this.#prepared);
        if (isWritten) {
          this.#remember();
        }
        db.exec("COMMIT");
        this.#trail.reached(step);
      } catch (error) {
        this.#breaks += 1;
        if (db.isTransaction) {
          db.exec("ROLLBACK");
        }
        throw error;
      }
      try {
        told?.();
      } catch {
        // What was committed counts, also where nobody is left to be told.
      }
      return value;
    });
  }

  /** Another text after each commit of another window, and whenever this connection may see other rows than before. */
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
      // SQLite refuses to write to a file that has no name any more, with one of several errors.
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

  /** True when another file stands at the path, or none in a folder that is there. */
  #isMoved(): boolean {
    if (performance.now() - this.#reopenedAt < reopenPause) {
      return false;
    }
    const identity = identityOf(this.file);
    return identity !== undefined && identity !== this.#identity;
  }

  /** True when the file has no tables any more, or those of an earlier version. */
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
