import { randomInt } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import * as z from "zod";

/** So many commits are told apart. A window that has missed more believes the file where it is further by number. */
const kept = 1000;

const stepSchema = z.object({ n: z.number(), mark: z.number() });
/** A commit. */
export type Step = z.infer<typeof stepSchema>;

/** Gives the statement of a text. */
type Prepared = (sql: string) => StatementSync;

/** Where a window last saw the journal to be. */
export class Trail {
  #last: Step | undefined;

  /** True where the file has come from what this window last saw, or nothing was seen yet. */
  leads(prepared: Prepared): boolean {
    if (this.#last === undefined) {
      return true;
    }
    const { n, mark } = this.#last;
    const there = stepSchema.safeParse(prepared("SELECT n, mark FROM trail WHERE n = ?").get(n)).data;
    return there === undefined ? (this.end(prepared)?.n ?? 0) > n : there.mark === mark;
  }

  /** The last commit in the file. */
  end(prepared: Prepared): Step | undefined {
    return stepSchema.safeParse(prepared("SELECT n, mark FROM trail ORDER BY n DESC LIMIT 1").get()).data;
  }

  /** Adds the commit that is about to be done, in its own transaction. */
  add(prepared: Prepared): Step {
    const mark = randomInt(2 ** 47);
    const n = Number(prepared("INSERT INTO trail (mark) VALUES (?)").run(mark).lastInsertRowid);
    prepared("DELETE FROM trail WHERE n <= ?").run(n - kept);
    return { n, mark };
  }

  /** This window has seen the file at a commit, or has done it. */
  reached(step: Step | undefined): void {
    this.#last = step;
  }
}
