import { DatabaseSync as Real, type SQLInputValue, type StatementSync } from "node:sqlite";
import { world } from "../current.ts";
import { mustBeRunning } from "../scheduler.ts";

export { StatementSync } from "node:sqlite";

const isWrite = (sql: string): boolean => /^\s*(insert|update|delete|create|alter|drop|vacuum)/i.test(sql);

/** The real SQLite on the real file; what a disk, another program or a power cut does to it comes from the simulation. */
export class DatabaseSync extends Real {
  readonly #process = mustBeRunning();
  /** The transaction has changed something: one that has not does not touch the file. */
  #hasChanged = false;

  constructor(path: string, options?: ConstructorParameters<typeof Real>[1]) {
    world().database.check(mustBeRunning(), "open");
    super(path, { ...options, timeout: 0 });
    this.#process?.atEnd(() => {
      if (this.isOpen) {
        this.close();
      }
    });
  }

  override exec(sql: string): void {
    const { database } = world();
    const commits = /^\s*commit/i.test(sql);
    if (!/^\s*rollback/i.test(sql)) {
      database.check(this.#process, commits || isWrite(sql) ? "write" : /^\s*begin/i.test(sql) ? "begin" : "read");
    }
    if (commits) {
      database.boundary(this.#process, "before commit");
    }
    super.exec(database.lighter(sql));
    if (commits) {
      database.boundary(this.#process, "after commit");
      this.#tell();
    } else if (isWrite(sql)) {
      this.#hasChanged = true;
    }
  }

  #tell(): void {
    if (this.#hasChanged) {
      this.#hasChanged = false;
      world().database.committed();
    }
  }

  override prepare(sql: string, ...rest: []): StatementSync {
    const statement = super.prepare(sql, ...rest);
    const process = this.#process;
    const writes = isWrite(sql);
    const run = statement.run.bind(statement);
    const all = statement.all.bind(statement);
    const get = statement.get.bind(statement);
    const check = () => {
      if (!this.isTransaction || writes) {
        world().database.check(process, writes ? "write" : "read");
      }
    };
    Object.assign(statement, {
      run: (...values: SQLInputValue[]) => {
        check();
        const result = run(...values);
        this.#hasChanged ||= writes && Number(result.changes) > 0;
        if (!this.isTransaction) {
          this.#tell();
        }
        return result;
      },
      all: (...values: SQLInputValue[]) => {
        check();
        return all(...values);
      },
      get: (...values: SQLInputValue[]) => {
        check();
        return get(...values);
      },
    });
    return statement;
  }
}
