import type { SaveCheckpoint } from "../output/checkpoint.ts";
import type { State } from "../shared/jobs/states.ts";
import type { Side } from "../shared/model/side.ts";

/** What a commit records: the state that a job reaches, a user's decision, or what became of an uploaded image. */
type Commit = State | "decision" | "recovered" | "removed" | "forgotten" | "uploading" | "uploaded" | "deleted";

/** Every boundary of the journal and the file system. Tests stop the world at each of them. */
export type Checkpoint =
  | `${"before" | "after"}:${Commit}`
  | `${"copying" | "copied"}:${Side}`
  | SaveCheckpoint
  | "sending"
  | "answered"
  | "cancelTold"
  | "before:deleting"
  | "temporaryRemoved";

/** Runs a commit between its two boundaries. A commit that fails does not pass the second one. */
export async function committed<T>(
  { checkpoint }: { readonly checkpoint: (name: Checkpoint) => void },
  name: Commit,
  commit: () => T | Promise<T>,
): Promise<T> {
  checkpoint(`before:${name}`);
  const result = await commit();
  checkpoint(`after:${name}`);
  return result;
}
