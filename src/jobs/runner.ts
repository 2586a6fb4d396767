import { networkInterfaces } from "node:os";
import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { Journal } from "./journal.ts";
import { isGone } from "./owner.ts";
import type { Ports } from "./ports.ts";
import { longestSpacing, maximumRate } from "./spacing.ts";
import { isBusy } from "./sql.ts";
import { freshMemory, LeaseLost, type Memory, type Next, type StepContext } from "./stepContext.ts";
import { step } from "./steps.ts";

/** ms between two looks at the leases. Each look renews the own ones and takes over what its owner left. */
const heartbeat = 2500;
/** How long a lease holds without renewal, ms. */
export const leaseTime = 10_000;
/** Steps under way at once. */
const maximumInFlight = 6;
/** Pause before a step that met a locked journal is done again, ms. */
const lockedPause = 500;
/** VS Code gives a closing window about five seconds, ms. */
const closingPatience = 3000;

/**
 * Acts on the jobs whose leases this window holds: one step after the other per job, a few jobs at once, each step when
 * it is due. Without active jobs there is no timer at all.
 */
export class Runner {
  readonly owner: string;
  readonly #context: StepContext;
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #memories = new Map<string, Memory>();
  readonly #due = new Map<string, number>();
  readonly #busy = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #lastStart = 0;
  #network = "";
  #disposed = false;

  constructor(context: StepContext) {
    this.#context = context;
    this.#journal = context.journal;
    this.#ports = context.ports;
    this.owner = context.owner;
  }

  get context(): StepContext {
    return this.#context;
  }

  /** When a lease taken now runs out, ms. */
  leaseEnd(): number {
    return this.#ports.now() + leaseTime;
  }

  /** Looks at a job at once: after a start or a user's decision. */
  wake(id?: string): void {
    if (id !== undefined) {
      this.#memories.delete(id);
      this.#due.delete(id);
    }
    this.#lastBeat = 0;
    this.#schedule(0);
  }

  /** Looks at the journal after another window's commit; idle windows begin to watch over the leases again. */
  look(): void {
    this.#schedule(0);
  }

  /** Makes every job due at once: after sleep, after coming online again, with a new token. */
  wakeAll(): void {
    this.#due.clear();
    this.wake();
  }

  /** Keeps a job to the caller while it runs `work` on it; the runner leaves it alone. */
  async holding<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.#busy.add(id);
    try {
      return await work();
    } finally {
      this.#busy.delete(id);
      this.wake(id);
    }
  }

  /**
   * Stops, gives the leases back and waits a moment for the steps under way, above all for a POST's answer.
   * @param last called when nothing is under way any more, also where that takes longer than the wait.
   */
  async dispose(last: () => void): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#timer);
    try {
      this.#journal.release(this.owner);
    } catch (error) {
      this.#ports.log(`the leases run out by themselves: ${error instanceof Error ? error.message : String(error)}`);
    }
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#running).then(last),
      setTimeout(closingPatience, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#disposed) {
      this.#timer = startTimer(() => this.#tick(), delay);
    }
  }

  #tick(): void {
    try {
      this.#beat();
      if (this.#journal.countActive() === 0) {
        this.#memories.clear();
        this.#due.clear();
        return;
      }
      this.#schedule(this.#startDue());
    } catch (error) {
      // A journal that is locked or on a full disk is tried again; nothing was acted on.
      this.#ports.log(`the journal cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      this.#schedule(heartbeat);
    }
  }

  #beat(): void {
    const now = this.#ports.now();
    const since = now - this.#lastBeat;
    if (since >= 0 && since < heartbeat) {
      return;
    }
    const network = Object.keys(networkInterfaces()).join();
    if (this.#lastBeat !== 0 && (since < 0 || since > 3 * heartbeat || network !== this.#network)) {
      this.#due.clear();
    }
    this.#lastBeat = now;
    this.#network = network;
    this.#journal.claim(this.owner, now, now + leaseTime, isGone);
  }

  /** Starts what is due and free to start. Gives the ms until the next look. */
  #startDue(): number {
    const now = this.#ports.now();
    const gap = 1000 / maximumRate;
    for (const { id, at } of this.#candidates(now)) {
      if (at > now) {
        return Math.min(at - now, heartbeat);
      }
      if (this.#busy.size >= maximumInFlight) {
        return heartbeat;
      }
      const pause = this.#lastStart + gap - now;
      if (pause > 0 && pause <= gap) {
        return pause;
      }
      this.#lastStart = now;
      const run = this.#run(id);
      this.#running.add(run);
      void run.finally(() => this.#running.delete(run));
    }
    return heartbeat;
  }

  /** The jobs that can be stepped, those due first. Of the waiting ones, only the oldest that there is a place for. */
  #candidates(now: number): { id: string; at: number }[] {
    const waiting = this.#journal.waiting(this.owner, now);
    const ready = waiting.filter((id) => !this.#busy.has(id) && this.#dueAt(id, now) <= now);
    const starting = waiting.filter((id) => this.#busy.has(id)).length;
    const places = this.#ports.limits().jobsAtOnce - this.#journal.countAtService(now) - starting;
    const withoutPlace = new Set(ready.slice(Math.max(places, 0)));
    return this.#journal
      .owned(this.owner, now)
      .filter((id) => !this.#busy.has(id) && !withoutPlace.has(id))
      .map((id) => ({ id, at: this.#dueAt(id, now) }))
      .sort((a, b) => a.at - b.at);
  }

  #dueAt(id: string, now: number): number {
    const at = this.#due.get(id) ?? now;
    // Times far ahead come from a clock that was set back.
    return at > now + 3_600_000 ? now : at;
  }

  async #run(id: string): Promise<void> {
    this.#busy.add(id);
    const next = await this.#stepSafely(id);
    this.#busy.delete(id);
    if (next === "rest") {
      this.#memories.delete(id);
      this.#due.delete(id);
    } else {
      this.#due.set(id, this.#ports.now() + next);
    }
    this.#schedule(0);
  }

  async #stepSafely(id: string): Promise<Next> {
    const memory = this.#memories.get(id) ?? freshMemory();
    this.#memories.set(id, memory);
    try {
      const job = this.#journal.get(id);
      return job === undefined ? "rest" : await step(this.#context, job, memory);
    } catch (error) {
      if (error instanceof LeaseLost) {
        this.#ports.log(`${id} is another window's now`);
        return heartbeat;
      }
      if (isBusy(error)) {
        this.#ports.log(`${id} waits for the journal`);
        return lockedPause;
      }
      memory.failures += 1;
      this.#ports.log(`${id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return Math.min(1000 * 2 ** memory.failures, longestSpacing);
    }
  }
}
