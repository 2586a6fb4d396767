import { folderProblem } from "../files/durable.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { sqliteCodeOf } from "./journal/sql.ts";

/** Turns the error of a full or read-only disk under journal or copies into a problem. Other errors stay as they are. */
export function storageProblem(error: unknown, storage: string): unknown {
  const code = sqliteCodeOf(error);
  // SQLITE_READONLY and SQLITE_FULL.
  const reason = code === 13 ? "full" : code === 8 ? "readOnly" : undefined;
  return reason === undefined
    ? folderProblem(error, storage)
    : new ProblemError({ code: "folderUnusable", path: storage, reason }, { cause: error });
}
