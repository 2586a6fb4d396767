import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";

/**
 * Gives what `look` finds, looking again whenever something in a folder changes; no polling.
 * @param folder watched with everything below it; made when it is missing
 * @param look the thing waited for, or undefined while it is not there
 * @param what names it in the error
 * @throws Error when it did not come within `timeoutMs`
 */
export async function whenFolderShows<T>(
  folder: string,
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const { promise: changed, resolve: wake } = Promise.withResolvers<void>();
  let next = { promise: changed, wake };
  const watcher = watch(folder, { recursive: true }, () => next.wake());
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    next.wake();
  }, timeoutMs);
  try {
    while (true) {
      const found = await look();
      if (found !== undefined) return found;
      if (late) throw new Error(`${what} did not come within ${timeoutMs} ms (looked in ${folder})`);
      await next.promise;
      const { promise, resolve } = Promise.withResolvers<void>();
      next = { promise, wake: resolve };
    }
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}
