import { world } from "../current.ts";
import { mustBeRunning } from "../scheduler.ts";

export function setTimeout<T>(delay = 1, value?: T, options: { signal?: AbortSignal } = {}): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const event = world().scheduler.after(delay, mustBeRunning(), () => resolve(value));
    options.signal?.addEventListener("abort", () => {
      event.cancelled = true;
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}
