import { type PathLike, readFileSync } from "node:fs";
import { world } from "../current.ts";
import { mustBeRunning } from "../scheduler.ts";

export * from "node:fs";

/** The product's watchers hear of a commit a moment later, as those of a system do. */
export function watch(_folder: string, listener: () => void) {
  const { database, disk } = world();
  if (disk.watches === "none") {
    throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
      code: "ENOSPC",
      syscall: "watch",
    });
  }
  const process = disk.watches === "silent" ? undefined : mustBeRunning();
  const end = process === undefined ? () => undefined : database.onCommit(process, listener);
  const watcher = { close: end, on: () => watcher };
  return watcher;
}

/** A stream as far as the product reads one. */
export async function* createReadStream(path: PathLike): AsyncGenerator<Buffer> {
  await world().disk.operation("open", String(path));
  yield readFileSync(path);
}
