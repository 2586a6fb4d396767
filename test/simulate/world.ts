import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.ts";
import { setWorld } from "./current.ts";
import { Database, Disk } from "./disk.ts";
import { fetch } from "./fake/fetch.ts";
import * as timers from "./fake/timers.ts";
import { Network } from "./network.ts";
import { Random } from "./random.ts";
import { type Process, running, Scheduler } from "./scheduler.ts";
import { Secrets } from "./secrets.ts";
import { Service } from "./service.ts";
import { Store } from "./store.ts";

/** Wall-clock time at which a simulation begins, ms. */
const beginning = Date.UTC(2026, 0, 15, 12);
const realNow = Date.now;

/** All that is not the product: time, chance, network, servers, disk and secret storage, all from one seed. */
export class World {
  readonly seed: number;
  readonly random: Random;
  readonly scheduler = new Scheduler();
  readonly disk: Disk;
  readonly database: Database;
  readonly service: Service;
  readonly store = new Store();
  readonly network: Network;
  readonly secrets: Secrets;
  /** What went wrong, a sentence each. */
  readonly violations: { kind: ViolationKind; text: string }[] = [];
  /** Absolute; made for this run and removed with it. */
  readonly folder: string;
  /** Each process that was ever started. */
  readonly processes = new Map<number, Process>();
  readonly #clocks = new Map<string, number>();
  readonly #hash = createHash("sha256");
  readonly #print: ((line: string) => void) | undefined;

  constructor(seed: number, scratch: string, print?: (line: string) => void) {
    this.seed = seed;
    this.#print = print;
    this.random = new Random(seed);
    const { random, scheduler } = this;
    this.disk = new Disk(random, scheduler);
    this.database = new Database(random, scheduler);
    this.service = new Service(random, scheduler);
    this.secrets = new Secrets(random, scheduler);
    const trace = (text: string) => this.trace(text);
    this.network = new Network({ random, scheduler, service: this.service, store: this.store, trace });
    this.folder = mkdtempSync(join(scratch, "world-"));
    for (const name of ["storage", "pictures", "videos", "other"]) {
      mkdirSync(join(this.folder, name));
    }
    for (let number = 1; number <= 4; number += 1) {
      writeFileSync(this.picture(number), `picture ${number}`);
    }
  }

  get storage(): string {
    return join(this.folder, "storage");
  }

  get journal(): string {
    return join(this.storage, "journal.sqlite");
  }

  picture(number: number): string {
    return join(this.folder, "pictures", `${number}.png`);
  }

  /** What a machine's clock says, ms since 1970. */
  clock(machine = "a"): number {
    return beginning + this.scheduler.now + (this.#clocks.get(machine) ?? 0);
  }

  /** Sets a machine's clock on or back by so many ms. */
  stepClock(machine: string, by: number): void {
    this.#clocks.set(machine, (this.#clocks.get(machine) ?? 0) + by);
  }

  /** How far a machine's clock is from where it began, ms. */
  clockOffset(machine: string): number {
    return this.#clocks.get(machine) ?? 0;
  }

  /** Adds a line to the trace, which is the same for the same seed. */
  trace(text: string): void {
    const line = text.replaceAll(this.folder, "$").replaceAll(root, "@");
    this.#hash.update(`${this.scheduler.now} ${line}\n`);
    this.#print?.(`${(this.scheduler.now / 1000).toFixed(3).padStart(10)} ${line}`);
  }

  /** Hash of the whole trace. */
  traceHash(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Takes note of something that must never be. */
  violation(kind: ViolationKind, text: string): void {
    this.trace(`!!! ${kind}: ${text}`);
    this.violations.push({ kind, text: text.replaceAll(this.folder, "$").replaceAll(root, "@") });
  }

  /** Puts this world under the product. Gives a function that takes it away and removes its folder. */
  enter(): () => void {
    setWorld(this);
    const restore = [
      replace(globalThis, "setTimeout", timers.setTimeout),
      replace(globalThis, "clearTimeout", timers.clearTimeout),
      replace(globalThis, "setInterval", timers.setInterval),
      replace(globalThis, "fetch", fetch),
      replace(AbortSignal, "timeout", timers.timeoutSignal),
      replace(Math, "random", () => this.random.next()),
      replace(performance, "now", () => this.scheduler.now),
      replace(Date, "now", () => this.clock(running()?.machine)),
    ];
    const rejected = (reason: unknown) => this.#rejected(reason);
    this.scheduler.onThrow = rejected;
    process.on("unhandledRejection", rejected);
    process.on("uncaughtException", rejected);
    return () => {
      process.off("unhandledRejection", rejected);
      process.off("uncaughtException", rejected);
      for (const each of restore) {
        each();
      }
      for (const each of this.processes.values()) {
        each.kill();
      }
      setWorld(undefined);
      rmSync(this.folder, { recursive: true, force: true });
    };
  }

  #rejected(reason: unknown): void {
    if (this.scheduler.current?.isAlive !== false) {
      this.violation("crash", reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
    }
  }
}

/** Kinds of what must never be. */
export type ViolationKind =
  | "paidTwice"
  | "lost"
  | "cancelledSent"
  | "pendingCancel"
  | "deleted"
  | "foreign"
  | "account"
  | "stuck"
  | "spinning"
  | "hidden"
  | "crash";

function replace(target: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { configurable: true, writable: true, enumerable: false, value });
  return () => {
    if (before !== undefined) {
      Object.defineProperty(target, key, before);
    }
  };
}

/** The real time, ms, whatever the product is told. */
export const realTime = (): number => realNow();
