import { networkInterfaces } from "node:os";
import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { messageOf } from "../shared/errors.ts";
import type { State } from "../shared/jobs/states.ts";
import { withFault } from "./decisions.ts";
import type { Journal } from "./journal/journal.ts";
import { isBusy } from "./journal/sql.ts";
import { LeaseWatch } from "./leases.ts";
import type { Ports } from "./ports.ts";
import { freshMemory, LeaseLost, type Memory, type Next, type StepContext } from "./steps/context.ts";
import { backoff, maximumRate } from "./steps/spacing.ts";
import { step } from "./steps/step.ts";

/** ms between two looks at the leases. Each look renews our own and takes over those that their owners left. */
const heartbeat = 2500;
/** What a step does. Sending and saving can take minutes. */
type Work = "prepare" | "send" | "follow" | "save" | "rest";
/** What the next step of a job does, by the job's state. */
const works: Readonly<Record<State, Work>> = {
  preparing: "prepare",
  waiting: "send",
  submitting: "send",
  unclear: "rest",
  queued: "follow",
  running: "follow",
  downloading: "save",
  needsAction: "rest",
  saved: "rest",
  failed: "rest",
  cancelled: "rest",
};
/** Steps of each kind of work that run at once, so that no kind holds up the others. */
const maximumAtOnce = 6;
/** After so many unexpected failures in a row the job tells its user. */
const toldFailures = 3;
/** Pause before a step that found the journal locked runs again, ms. */
const lockedPause = 500;
/** VS Code gives a closing window about five seconds, ms. */
const closingPatience = 3000;

/**
 * Acts on the jobs whose leases this window holds. Each job takes one step after the other, each step when it is due, and a
 * few jobs run at once. Without active jobs there is no timer at all.
 */
export class Runner {
  readonly #context: StepContext;
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #memories = new Map<string, Memory>();
  readonly #due = new Map<string, number>();
  /** Jobs with a step under way, and what that step does. */
  readonly #busy = new Map<string, Work>();
  readonly #leases: LeaseWatch;
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** Times of the monotonic clock. */
  #lastBeat = Number.NEGATIVE_INFINITY;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** How far the time of day is ahead of the monotonic clock, ms. Sleep changes it, and so does setting the clock. */
  #ahead: number | undefined;
  #network = "";
  #disposed = false;

  constructor(context: StepContext) {
    this.#context = context;
    this.#journal = context.journal;
    this.#ports = context.ports;
    this.#leases = new LeaseWatch(context.ports.monotonic, context.ports.sendingTime);
  }

  /** Looks at a job at once: after a start or a user's decision. */
  wake(id?: string): void {
    if (id !== undefined) {
      this.#memories.delete(id);
      this.#due.delete(id);
    }
    this.#lastBeat = Number.NEGATIVE_INFINITY;
    this.#schedule(0);
  }

  /** Looks at the journal after another window's commit, so that an idle window starts watching the leases again. */
  look(): void {
    this.#schedule(0);
  }

  /** Makes every job due at once: after sleep, once the network is back, with a new token. */
  wakeAll(): void {
    this.#due.clear();
    this.wake();
  }

  /** Leaves a job to its caller while `work` runs on it. */
  async holding<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.#busy.set(id, "prepare");
    try {
      return await work();
    } finally {
      this.#busy.delete(id);
      this.wake(id);
    }
  }

  /**
   * Stops, gives the leases back, and waits a moment for the steps under way, above all for the answer to a POST.
   * @param last called once no step is under way any more, even if that takes longer than the wait.
   */
  async dispose(last: () => void): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#release();
    const patience = new AbortController();
    const ended = Promise.allSettled(this.#running).then(() => {
      // A job that was being sent kept its lease until now.
      this.#release();
      last();
    });
    await Promise.race([
      ended,
      setTimeout(closingPatience, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
  }

  #release(): void {
    try {
      this.#journal.leases.release(this.#context.owner);
    } catch (error) {
      this.#ports.log(`the leases run out by themselves: ${messageOf(error)}`);
    }
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
      // The journal is locked or its disk is full. Nothing was acted on, and we try again.
      this.#ports.log(`the journal cannot be read: ${messageOf(error)}`);
      this.#schedule(heartbeat);
    }
  }

  #beat(): void {
    const elapsed = this.#ports.monotonic();
    if (elapsed - this.#lastBeat < heartbeat) {
      return;
    }
    this.#lastBeat = elapsed;
    const network = Object.keys(networkInterfaces()).join();
    const ahead = this.#ports.now() - elapsed;
    const jumped = this.#ahead !== undefined && Math.abs(ahead - this.#ahead) > 2 * heartbeat;
    if (jumped || (this.#ahead !== undefined && network !== this.#network)) {
      this.#due.clear();
    }
    this.#ahead = ahead;
    this.#network = network;
    const { leases } = this.#journal.leases.claim(this.#context.owner, this.#context.stamp(), (lease) =>
      this.#leases.isFree(lease),
    );
    this.#leases.keepOnly(new Set(leases.map(({ id }) => id)));
  }

  /** Starts the steps that are due and have room. Gives the ms until the next look. */
  #startDue(): number {
    const now = this.#ports.monotonic();
    const gap = 1000 / maximumRate;
    for (const { id, at, work } of this.#candidates(now)) {
      if (at > now) {
        return Math.min(at - now, heartbeat);
      }
      if (!this.#hasRoom(work)) {
        continue;
      }
      const pause = this.#lastStart + gap - now;
      if (pause > 0) {
        return pause;
      }
      this.#lastStart = now;
      const run = this.#run(id, work);
      this.#running.add(run);
      void run.finally(() => this.#running.delete(run));
    }
    return heartbeat;
  }

  #hasRoom(work: Work): boolean {
    return [...this.#busy.values()].filter((each) => each === work).length < maximumAtOnce;
  }

  /** The jobs that can take a step, those due first. Of the waiting jobs, only the oldest that find a place. */
  #candidates(now: number): { id: string; at: number; work: Work }[] {
    const waiting = this.#journal.leases.waiting(this.#context.owner);
    const dueAt = (id: string): number => this.#due.get(id) ?? now;
    const ready = waiting.filter((id) => !this.#busy.has(id) && dueAt(id) <= now);
    const starting = waiting.filter((id) => this.#busy.has(id)).length;
    const places = this.#ports.limits().jobsAtOnce - this.#journal.countAtService(this.#ports.now()) - starting;
    const withoutPlace = new Set(ready.slice(Math.max(places, 0)));
    return this.#journal.leases
      .owned(this.#context.owner)
      .filter(({ id }) => !this.#busy.has(id) && !withoutPlace.has(id))
      .map(({ id, state }) => ({ id, at: dueAt(id), work: works[state] }))
      .sort((a, b) => a.at - b.at);
  }

  async #run(id: string, work: Work): Promise<void> {
    this.#busy.set(id, work);
    const next = await this.#stepSafely(id);
    this.#busy.delete(id);
    if (next === "rest") {
      this.#memories.delete(id);
      this.#due.delete(id);
    } else {
      this.#due.set(id, this.#ports.monotonic() + next);
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
      if (memory.failures >= toldFailures) {
        this.#tell(id, error);
      }
      return backoff(memory.failures);
    }
  }

  /** The job shows an unexpected error that persists, and continues. */
  #tell(id: string, error: unknown): void {
    try {
      this.#journal.change(id, (job) => withFault(job, error), this.#context.owner);
      this.#context.changed();
    } catch (failure) {
      // Most likely the error itself: the journal cannot be written. The next failure tries again.
      this.#ports.log(`${id} cannot be told: ${messageOf(failure)}`);
    }
  }
}
