import { world } from "../current.ts";
import { type Event, mustBeRunning } from "../scheduler.ts";

/** A timer of the simulated time, as Node's are where the product uses them. */
export class Timer {
  readonly #delay: number;
  readonly #run: () => void;
  #event: Event;

  constructor(run: () => void, delay: number) {
    this.#run = run;
    this.#delay = Math.max(delay, 1);
    this.#event = this.#start();
  }

  clear(): void {
    this.#event.cancelled = true;
  }

  refresh(): this {
    if (!this.#event.cancelled) {
      this.clear();
      this.#event = this.#start();
    }
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #start(): Event {
    return world().scheduler.after(this.#delay, mustBeRunning(), this.#run);
  }
}

export function setTimeout(run: (...values: unknown[]) => void, delay = 1, ...values: unknown[]): Timer {
  return new Timer(() => run(...values), Number(delay));
}

export function clearTimeout(timer: unknown): void {
  if (timer instanceof Timer) {
    timer.clear();
  }
}

/** As `AbortSignal.timeout`. */
export function timeoutSignal(delay: number): AbortSignal {
  const controller = new AbortController();
  world().scheduler.after(delay, mustBeRunning(), () =>
    controller.abort(new DOMException("timed out", "TimeoutError")),
  );
  return controller.signal;
}

/**
 * As the global one, but nothing comes of it: by it a window looks every 15 s for commits that no watcher told it of, and
 * simulated windows are told, or look when something else happens. A real one would outlive its world.
 */
export function setInterval(): { unref(): void; [Symbol.dispose](): void } {
  return { unref: () => undefined, [Symbol.dispose]: () => undefined };
}
