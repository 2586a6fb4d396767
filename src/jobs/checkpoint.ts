import type { SaveCheckpoint } from "../output/checkpoint.ts";
import type { State } from "../shared/jobs/states.ts";
import type { Side } from "../shared/model/side.ts";

/** What the journal is told: the state that a job comes to, a user's doing, or what becomes of an uploaded image. */
type Commit = State | "decision" | "recovered" | "removed" | "forgotten" | "uploading" | "uploaded" | "deleted";

/** Every boundary of the journal and the file system. Tests stop the world at each. */
export type Checkpoint =
  | `${"before" | "after"}:${Commit}`
  | `${"copying" | "copied"}:${Side}`
  | SaveCheckpoint
  | "sending"
  | "answered"
  | "cancelTold"
  | "before:deleting"
  | "temporaryRemoved";

/** Tells the journal something, between its two boundaries; the second one is passed only where that did not fail. */
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
