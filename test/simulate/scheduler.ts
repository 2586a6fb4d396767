import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers";

const processes = new AsyncLocalStorage<Process>();

/** The process of one window: whatever runs for it ends with it. */
export class Process {
  readonly name: string;
  readonly pid: number;
  readonly machine: string;
  isAlive = true;
  /** It does nothing before this moment, simulated ms. */
  standsUntil = 0;
  /** It ends at the so manieth boundary from here; undefined for none. */
  boundariesLeft: number | undefined;
  readonly #ends = new Set<() => void>();

  constructor(name: string, pid: number, machine: string) {
    this.name = name;
    this.pid = pid;
    this.machine = machine;
  }

  /** Runs something as the process does. */
  run<T>(run: () => T): T {
    return processes.run(this, run);
  }

  /** Calls back when the process ends. Gives a function that takes that back. */
  atEnd(end: () => void): () => void {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  /** Nothing of the process runs any more, and the system closes what it had open. */
  kill(): void {
    this.isAlive = false;
    for (const end of this.#ends) {
      end();
    }
    this.#ends.clear();
  }
}

/** The process whose code runs right now. */
export const running = (): Process | undefined => processes.getStore();

/** As `running`. Throws where it is not known: what outlives its process would make the simulation another one. */
export function mustBeRunning(): Process {
  const process = running();
  if (process === undefined) {
    throw new Error("the product's code runs for no process");
  }
  return process;
}

/** Something that is to happen at a simulated time. */
export interface Event {
  at: number;
  order: number;
  readonly process: Process | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

/** The simulated time and all that is to happen in it: one event after the other, each to its very end. */
export class Scheduler {
  /** ms since the simulation began. */
  now = 0;
  /** Events so far. */
  steps = 0;
  /** No simulation has so many unless something in it spins. */
  readonly most = 40_000;
  /** Events so far by process. */
  readonly stepsOf = new Map<Process, number>();
  /** The process of the event under way. */
  current: Process | undefined;
  /** Called with what an event throws, which in a real process nobody would take. */
  onThrow: (error: unknown) => void = () => undefined;
  readonly #events: Event[] = [];
  #order = 0;

  /** Lets something happen after so many ms, for the given process; what is for a process that has ended never happens. */
  after(delay: number, process: Process | undefined, run: () => void): Event {
    const wait = Number.isFinite(delay) ? Math.max(Math.round(delay), 0) : 0;
    const event: Event = { at: this.now + wait, order: this.#order++, process, run, cancelled: false };
    this.#insert(event);
    return event;
  }

  /** Resolves after so many ms; never, for a process that has ended. */
  wait(delay: number, process: Process | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.after(delay, process, resolve);
    });
  }

  get isExhausted(): boolean {
    return this.steps >= this.most;
  }

  /** Lets all happen until a time, and time go on to it. Once there were too many events, nothing happens any more. */
  async runUntil(time: number): Promise<void> {
    for (let event = this.#events[0]; event !== undefined && event.at <= time; event = this.#events[0]) {
      if (this.isExhausted) {
        return;
      }
      this.#events.shift();
      await this.#happen(event);
    }
    this.now = Math.max(this.now, time);
  }

  /** Runs something in the name of a process, now, and all that follows from it at once. */
  async act(process: Process | undefined, run: () => void): Promise<void> {
    await this.#happen({ at: this.now, order: 0, process, run, cancelled: false });
  }

  async #happen(event: Event): Promise<void> {
    const { process } = event;
    if (event.cancelled || process?.isAlive === false) {
      return;
    }
    if (process !== undefined && process.standsUntil > Math.max(event.at, this.now)) {
      event.at = process.standsUntil;
      event.order = this.#order++;
      this.#insert(event);
      return;
    }
    this.now = Math.max(this.now, event.at);
    this.steps += 1;
    this.current = process;
    if (process === undefined) {
      event.run();
    } else {
      this.stepsOf.set(process, (this.stepsOf.get(process) ?? 0) + 1);
      try {
        process.run(event.run);
      } catch (error) {
        this.onThrow(error);
      }
    }
    // Everything that follows from the event alone is microtasks: all of it runs before the next event.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #insert(event: Event): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle];
      if (other !== undefined && (other.at < event.at || (other.at === event.at && other.order < event.order))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#events.splice(low, 0, event);
  }
}
