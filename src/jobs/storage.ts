import { folderProblem } from "../files/durable.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** A full or read-only disk under the journal or the copies, in words; any other error stays what it is. */
export function storageProblem(error: unknown, storage: string): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, "errcode") : undefined;
  // SQLite's primary codes SQLITE_READONLY 8 and SQLITE_FULL 13.
  const reason = code === 13 ? "full" : code === 8 ? "readOnly" : undefined;
  return reason === undefined
    ? folderProblem(error, storage)
    : new ProblemError({ code: "folderUnusable", path: storage, reason }, { cause: error });
}
