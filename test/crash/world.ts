import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Service, startService } from "../support/service/service.ts";
import { startStorage, type TestStorage } from "../support/storage/storage.ts";
import { type Pair, seedKey, submitDirectly } from "./pictures.ts";
import type { Halt, JobFacts, Setup } from "./protocol.ts";
import { Gone, Window } from "./window.ts";

/** What all worlds share. */
export interface Ground {
  /** Folder for everything that is written. */
  readonly scratch: string;
  /** The bundled engine process. */
  readonly program: string;
  readonly pair: Pair & { readonly images: readonly [Buffer, Buffer] };
}

export interface WorldOptions {
  readonly jobsAtOnce?: number;
  readonly hardLinks?: boolean;
  readonly hurried?: boolean;
  /** Images are uploaded to a storage of the user's. */
  readonly uploads?: boolean;
}

/** More rounds of settling than any run needs. */
const maximumRounds = 30;
let seeds = 1000;
let worlds = 0;

/** One journal, the folders that it saves into, a service of its own, and what its user has done so far. */
export class World {
  readonly storage: string;
  readonly folder: string;
  readonly elsewhere: string;
  readonly service: Service;
  /** The user's image storage, where there is one. */
  readonly uploads: TestStorage | undefined;
  readonly videoSha256: string;
  /** Jobs that submit() or recover() has acknowledged. */
  readonly acknowledged = new Set<string>();
  /** Jobs that the user asked to take out of the list. */
  readonly removed = new Set<string>();
  /** Jobs that the user asked to cancel or gave up. */
  readonly givenUp = new Set<string>();
  /** Jobs that the user asked to send again. */
  readonly sentAgain = new Set<string>();
  /** Requests that were not sent by the engine. */
  readonly foreign = new Set<string>();
  readonly #ground: Ground;
  readonly #options: WorldOptions;
  readonly #windows = new Set<Window>();
  #mended = false;

  private constructor(
    ground: Ground,
    options: WorldOptions,
    service: Service,
    uploads: TestStorage | undefined,
    root: string,
  ) {
    this.uploads = uploads;
    this.#ground = ground;
    this.#options = options;
    this.service = service;
    this.storage = join(root, "storage");
    this.folder = join(root, "videos");
    this.elsewhere = join(root, "elsewhere");
    this.videoSha256 = createHash("sha256").update(ground.pair.video).digest("hex");
  }

  static async make(ground: Ground, options: WorldOptions = {}): Promise<World> {
    worlds += 1;
    const root = join(ground.scratch, `world-${worlds}`);
    const service = await startService({ timing: { queueMs: 0, runMs: 0 }, balance: 1e6 });
    const uploads = options.uploads ? await startStorage() : undefined;
    const world = new World(ground, options, service, uploads, root);
    for (const path of [world.storage, world.folder, world.elsewhere]) {
      await mkdir(path, { recursive: true });
    }
    return world;
  }

  get pair(): Pair {
    return this.#ground.pair;
  }

  get videoBytes(): number {
    return this.#ground.pair.video.length;
  }

  /** Starts an engine process that may die at any moment. */
  start(halt?: Halt, telling = false): Window {
    const window = Window.start(this.#ground.program, this.#setup(halt, telling));
    this.#windows.add(window);
    return window;
  }

  /** Opens an engine in a process that was left by another world. */
  startIn(window: Window, telling: boolean): void {
    this.#windows.add(window);
    window.reopen(this.#setup(undefined, telling));
  }

  /** Leaves a window, whose engine is closed, to another world. */
  async leave(window: Window): Promise<void> {
    await window.leave();
    this.#windows.delete(window);
  }

  #setup(halt: Halt | undefined, telling: boolean): Setup {
    const { jobsAtOnce = 50, hardLinks = true, hurried = false } = this.#options;
    return {
      storage: this.storage,
      service: this.service.url,
      token: this.service.token,
      uploads: this.uploads?.url,
      halt,
      jobsAtOnce: this.#mended ? 50 : jobsAtOnce,
      hardLinks,
      hurried,
      telling,
    };
  }

  /** Presses Generate. Gives the job's id once that is acknowledged. */
  async submit(window: Window, name = "take"): Promise<string> {
    seeds += 1;
    const { start, end } = this.pair;
    const id = await window.submit({ start, end, seed: seeds, folder: this.folder, fileName: name });
    this.acknowledged.add(id);
    return id;
  }

  /** Sends a request past the engine, and lets it end. */
  async foreignRequest(): Promise<string> {
    seeds += 1;
    const id = await submitDirectly(this.service, this.#ground.pair.images, seeds);
    this.foreign.add(id);
    await this.service.advance("completed");
    return id;
  }

  async recover(window: Window, requestId: string): Promise<string> {
    const id = await window.recover(requestId, this.folder);
    this.acknowledged.add(id);
    return id;
  }

  async cancel(window: Window, id: string): Promise<void> {
    this.givenUp.add(id);
    await window.ask({ call: "cancel", id });
  }

  async sendAgain(window: Window, id: string): Promise<void> {
    this.sentAgain.add(id);
    await window.ask({ call: "sendAgain", id });
  }

  async remove(window: Window, id: string): Promise<void> {
    this.removed.add(id);
    await window.ask({ call: "remove", id });
  }

  /** Takes the folder of the videos away, as an ejected disk does. */
  takeFolderAway(): Promise<void> {
    return rename(this.folder, `${this.folder}.away`);
  }

  async bringFolderBack(): Promise<void> {
    if (existsSync(`${this.folder}.away`)) {
      await rename(`${this.folder}.away`, this.folder);
    }
  }

  /** Ends everything that stands in the way of the jobs' ends; limits end for windows opened from then on. */
  async mend(): Promise<void> {
    this.#mended = true;
    this.service.setFaults([]);
    this.uploads?.refuse();
    this.service.changeSettings({ timing: { queueMs: 0, runMs: 0 } });
    await this.service.advance("completed");
    await this.bringFolderBack();
  }

  /**
   * Lets all jobs come to their ends, deciding as a careful user would what only a user can decide.
   * @throws {Gone} when the window dies first.
   */
  async settle(window: Window): Promise<JobFacts[]> {
    for (let round = 0; round < maximumRounds; round += 1) {
      const jobs = await window.rest();
      const standing = jobs.filter(({ state }) => state === "unclear" || state === "needsAction");
      if (standing.length === 0) {
        return jobs;
      }
      for (const job of standing) {
        await this.decide(window, job, jobs);
      }
    }
    throw new Error("the jobs come to no end");
  }

  /** What a careful user does about a job that stands: looks into the books of the service before paying again. */
  async decide(window: Window, job: JobFacts, jobs: readonly JobFacts[]): Promise<void> {
    if (job.state === "needsAction") {
      await window.ask({ call: "retry", id: job.id });
      return;
    }
    await this.#submitsEnded();
    const known = new Set(jobs.map(({ requestId }) => requestId));
    const paid = this.service
      .requests()
      .find(({ requestId, parameters }) => parameters[seedKey] === job.seed && !known.has(requestId));
    if (paid === undefined) {
      await this.sendAgain(window, job.id);
    } else {
      await window.ask({ call: "adopt", id: job.id, requestId: paid.requestId });
    }
  }

  /** Resolves once the service has heard the last of every POST that is under way. */
  async #submitsEnded(): Promise<void> {
    // A call of our own goes behind all that have reached the service by now.
    await fetch(`${this.service.url}/_test/ledger`).then((answer) => answer.arrayBuffer());
    while (this.service.ledger.exchanges.some(({ call, outcome }) => call === "submit" && outcome === "pending")) {
      await setTimeout(5);
    }
  }

  /** Ends all processes and the service. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#windows].filter((window) => !window.isGone).map((window) => window.kill()));
    await this.service.close();
    await this.uploads?.close();
  }

  /** Removes all that was written. */
  async clear(): Promise<void> {
    await Promise.all(
      [this.storage, this.folder, this.elsewhere].map((path) => rm(path, { recursive: true, force: true })),
    );
  }
}

/**
 * Waits for something that takes no longer than this (ms) even on a busy machine.
 * @throws Error when it does: something hangs.
 */
export async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  const patience = new AbortController();
  try {
    return await Promise.race([
      work,
      setTimeout(limit, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`it hangs for more than ${limit} ms`);
      }),
    ]);
  } finally {
    work.catch(() => undefined);
    patience.abort();
  }
}

/** Runs something that the window may die in. Gives false when it did. */
export async function survives(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Gone) {
      return false;
    }
    throw error;
  }
}
