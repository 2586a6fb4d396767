import { randomInt } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import * as z from "zod";

/** How many commits the trail keeps. A window that has missed more of them trusts a file with a higher number. */
const kept = 1000;

const stepSchema = z.object({ n: z.number(), mark: z.number() });
/** A commit. */
export type Step = z.infer<typeof stepSchema>;

/** Prepares a statement. */
type Prepared = (sql: string) => StatementSync;

/** The last commit of the journal that a window has seen. */
export class Trail {
  #last: Step | undefined;

  /** True if the file descends from what this window last saw, or if it saw nothing yet. */
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

  /** Adds the commit under way, inside its own transaction. */
  add(prepared: Prepared): Step {
    const mark = randomInt(2 ** 47);
    const n = Number(prepared("INSERT INTO trail (mark) VALUES (?)").run(mark).lastInsertRowid);
    prepared("DELETE FROM trail WHERE n <= ?").run(n - kept);
    return { n, mark };
  }

  /** This window has seen a commit, or made it. */
  reached(step: Step | undefined): void {
    this.#last = step;
  }
}
