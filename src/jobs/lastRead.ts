import { ProblemError } from "../shared/model/problem.ts";
import { isBusy } from "./journal/sql.ts";

/** A sum over the journal, which other windows may have locked. */
export class LastRead<T> {
  /** Reads it anew, for a decision inside a transaction. Throws the lock's error. */
  readonly now: () => T;
  #last: T | undefined;

  constructor(now: () => T) {
    this.now = now;
  }

  /**
   * The current sum. While the journal is locked, it is the last one read.
   * @throws {ProblemError} `journalBusy` if none was read yet.
   */
  get(): T {
    try {
      this.#last = this.now();
      return this.#last;
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
      if (this.#last === undefined) {
        throw new ProblemError({ code: "journalBusy" }, { cause: error });
      }
      return this.#last;
    }
  }
}
