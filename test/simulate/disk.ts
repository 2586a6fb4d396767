import type { Random } from "./random.ts";
import { mustBeRunning, type Process, type Scheduler } from "./scheduler.ts";

/** What is wrong with files for a while. */
export interface FileTrouble {
  /** Node's code, for example `EBUSY`. */
  readonly code: string;
  /** Part of the paths that it is about. */
  readonly about: string;
  readonly until: number;
  /** So often, 0 to 1. */
  readonly share: number;
}

const writing = new Set(["write", "writeFile", "mkdir", "link", "rename", "copyFile", "fsync", "ftruncate"]);
const forWriters = new Set(["ENOSPC", "EROFS"]);

/** The disk under the product's files, apart from the journal: slow or in trouble. */
export class Disk {
  trouble: FileTrouble | undefined;
  /** Whether the system has watchers to give, and whether they tell anything. */
  watches: "work" | "silent" | "none" = "work";
  /** ms that an operation may take. */
  slowness = 3;
  readonly #random: Random;
  readonly #scheduler: Scheduler;

  constructor(random: Random, scheduler: Scheduler) {
    this.#random = random;
    this.#scheduler = scheduler;
  }

  /** Waits as long as a disk takes. */
  latency(): Promise<void> {
    return this.#scheduler.wait(this.#random.between(0, this.slowness), mustBeRunning());
  }

  /** One operation's time, and its failure where it is to fail. */
  async operation(name: string, path: string): Promise<void> {
    await this.latency();
    this.check(name, path);
  }

  /** @throws Error as the system's, where the operation is to fail. */
  check(name: string, path: string): void {
    const { trouble } = this;
    if (
      trouble !== undefined &&
      trouble.until > this.#scheduler.now &&
      path.includes(trouble.about) &&
      (!forWriters.has(trouble.code) || writing.has(name)) &&
      this.#random.chance(trouble.share)
    ) {
      throw Object.assign(new Error(`${trouble.code}: ${name} '${path}'`), { code: trouble.code, syscall: name, path });
    }
  }
}

/** What is wrong with the journal's file for a while: SQLite's code 5 busy, 8 read-only, 10 I/O error, 13 full. */
export interface DatabaseTrouble {
  readonly code: 5 | 8 | 10 | 13;
  readonly until: number;
  /** The only process that meets it; all where there is none. */
  readonly process: Process | undefined;
}

const words = { 5: "database is locked", 8: "readonly", 10: "disk I/O error", 13: "database or disk is full" };

/** What stands between the product and SQLite. */
export class Database {
  trouble: DatabaseTrouble | undefined;
  /** The journal's rollback file may be met by somebody else. */
  isFileNeeded = false;
  /** Called at each boundary between one commit and the next step. */
  onBoundary: (process: Process, name: string) => void = () => undefined;
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  readonly #watchers = new Set<{ process: Process; listener: () => void; isDue: boolean }>();

  constructor(random: Random, scheduler: Scheduler) {
    this.#random = random;
    this.#scheduler = scheduler;
  }

  /** True where a process cannot write at this moment. */
  isTroubled(process: Process | undefined): boolean {
    const { trouble } = this;
    return (
      trouble !== undefined &&
      trouble.until > this.#scheduler.now &&
      (trouble.process === undefined || trouble.process === process)
    );
  }

  /** @throws Error as SQLite's, where the operation is to fail. */
  check(process: Process | undefined, operation: "open" | "begin" | "read" | "write"): void {
    if (process?.isAlive === false) {
      throw new Error("database is not open");
    }
    const { trouble } = this;
    if (trouble === undefined || !this.isTroubled(process)) {
      return;
    }
    const { code } = trouble;
    if (operation === "write" || code === 5 || code === 10) {
      throw Object.assign(new Error(words[code]), { code: "ERR_SQLITE_ERROR", errcode: code, errstr: words[code] });
    }
  }

  /** SQL without what only a power cut could show, and, where no file is set aside, with the rollback file in memory. */
  lighter(sql: string): string {
    const light = sql.replace(/PRAGMA synchronous = \w+;?/i, "PRAGMA synchronous = OFF;");
    return this.isFileNeeded
      ? light
      : light.replace(/PRAGMA journal_mode = DELETE;?/i, "PRAGMA journal_mode = MEMORY;");
  }

  boundary(process: Process | undefined, name: string): void {
    if (process !== undefined) {
      this.onBoundary(process, name);
    }
  }

  /** Tells the watchers of the folder, a moment later. */
  committed(): void {
    for (const watcher of this.#watchers) {
      if (!watcher.isDue) {
        watcher.isDue = true;
        this.#scheduler.after(this.#random.between(1, 6), watcher.process, () => {
          watcher.isDue = false;
          watcher.listener();
        });
      }
    }
  }

  /** Calls back after commits. Gives a function that ends it. */
  onCommit(process: Process, listener: () => void): () => void {
    const watcher = { process, listener, isDue: false };
    this.#watchers.add(watcher);
    const end = () => this.#watchers.delete(watcher);
    process.atEnd(end);
    return end;
  }
}
