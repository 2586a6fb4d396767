import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as z from "zod";
import { bundledAs } from "../../scripts/bundledAs.ts";
import {
  type Call,
  eventSchema,
  type JobFacts,
  jobSchema,
  type Measure,
  measureSchema,
  type Setup,
} from "./protocol.ts";

/** The engine process died before it had answered. */
export class Gone extends Error {
  override readonly name = "Gone";
}

/** The engine refused what the user asked for; the message is the problem's code. */
export class Refused extends Error {
  override readonly name = "Refused";
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The program of an engine process, in one file, so that it starts fast. Removed on disposal. */
export async function buildProgram(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = join(tmpdir(), `wan-flf2v-crash-${process.pid}-${Date.now()}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ["test/crash/child.ts"],
    outfile: path,
    bundle: true,
    alias: bundledAs,
    platform: "node",
    format: "esm",
    target: "node22",
    logLevel: "error",
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
      await rm(cacheOf(path), { recursive: true, force: true });
    },
  };
}

/** Where the processes of a program keep what they have compiled. */
const cacheOf = (program: string) => `${program}.cache`;

type Asked = Omit<Extract<Call, { call: "submit" }>, "call">;

/** One engine process, seen from outside. */
export class Window {
  /** In the order in which they were called, where the process was told to tell them. */
  checkpoints: string[] = [];
  notified: string[] = [];
  log: string[] = [];
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #opening = Promise.withResolvers<void>();
  readonly #watchers = new Set<() => void>();
  #asked = 0;
  #gone = false;

  private constructor(program: string) {
    this.#process = spawn(process.execPath, [program], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: cacheOf(program) },
    });
    const { stdout, stdin } = this.#process;
    // Writing to a process that was just killed.
    stdin?.on("error", () => undefined);
    if (stdout !== null) {
      createInterface({ input: stdout }).on("line", (line) => this.#hear(line));
    }
    this.ended = once(this.#process, "close").then(() => {
      this.#gone = true;
      this.#opening.reject(new Gone());
      for (const { reject } of this.#waiting.values()) {
        reject(new Gone());
      }
      this.#waiting.clear();
      this.#told();
    });
  }

  /** Starts a process that may die at once. */
  static start(program: string, setup: Setup): Window {
    const window = new Window(program);
    window.#open(setup);
    return window;
  }

  /** Opens another engine in the process, after `leave`. All that was told before is forgotten. */
  reopen(setup: Setup): void {
    this.checkpoints = [];
    this.notified = [];
    this.log = [];
    this.#opening = Promise.withResolvers<void>();
    this.#open(setup);
  }

  #open(setup: Setup): void {
    this.#opening.promise.catch(() => undefined);
    this.ask({ call: "open", setup }).catch(() => undefined);
  }

  /**
   * Resolves when the program is there and begins to open its engine.
   * @throws {Gone} when it died first.
   */
  get opening(): Promise<void> {
    return this.#opening.promise;
  }

  get pid(): number {
    if (this.#process.pid === undefined) {
      throw new Error("the process did not start");
    }
    return this.#process.pid;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  async submit(submission: Asked): Promise<string> {
    return z.string().parse(await this.ask({ call: "submit", ...submission }));
  }

  async recover(requestId: string, folder: string): Promise<string> {
    return z.string().parse(await this.ask({ call: "recover", requestId, folder }));
  }

  async rest(): Promise<JobFacts[]> {
    return z.array(jobSchema).parse(await this.ask({ call: "rest" }));
  }

  async list(): Promise<JobFacts[]> {
    return z.array(jobSchema).parse(await this.ask({ call: "list" }));
  }

  async reaches(id: string, ...states: string[]): Promise<JobFacts> {
    return jobSchema.parse(await this.ask({ call: "reaches", id, states }));
  }

  async measure(): Promise<Measure> {
    return measureSchema.parse(await this.ask({ call: "measure" }));
  }

  /**
   * Asks for something.
   * @throws {Gone} when the process dies first, {Refused} when the engine refuses.
   */
  ask(ask: Call): Promise<unknown> {
    if (this.#gone) {
      return Promise.reject(new Gone());
    }
    this.#asked += 1;
    const n = this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(n, { resolve, reject });
    this.#process.stdin?.write(`${JSON.stringify({ n, ask })}\n`);
    return promise;
  }

  /** Ends the engine as a closing window does; the process waits for another one. */
  async leave(): Promise<void> {
    await this.ask({ call: "dispose" });
  }

  /** Ends the engine as a closing window does, and waits for the process to exit by itself. */
  async close(): Promise<void> {
    await this.leave();
    await this.exit();
  }

  /** Waits for the process to exit by itself, after `leave`. */
  async exit(): Promise<void> {
    this.#process.stdin?.end();
    await this.ended;
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  /** Lets a stopped process go on. */
  resume(): void {
    this.#process.kill("SIGCONT");
  }

  /** Resolves once the process stands still by SIGSTOP. */
  async stopped(): Promise<void> {
    for (;;) {
      // "pid (name) state …": the name may hold anything but is the last thing in brackets.
      const stat = await readFile(`/proc/${this.pid}/stat`, "utf8");
      if (stat.slice(stat.lastIndexOf(")") + 2).startsWith("T")) {
        return;
      }
      await setImmediate();
    }
  }

  /**
   * Resolves once `holds` is true, asked anew after everything that the process tells.
   * @throws {Gone} when it dies first.
   */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (holds() || this.#gone) {
          this.#watchers.delete(look);
          holds() ? resolve() : reject(new Gone());
        }
      };
      this.#watchers.add(look);
      look();
    });
  }

  #told(): void {
    for (const look of this.#watchers) {
      look();
    }
  }

  #hear(line: string): void {
    const event = eventSchema.parse(JSON.parse(line));
    switch (event.event) {
      case "opening":
        this.#opening.resolve();
        break;
      case "checkpoint":
        this.checkpoints.push(event.name);
        break;
      case "notified":
        this.notified.push(event.id);
        break;
      case "log":
        this.log.push(event.line);
        break;
      case "done":
        this.#waiting.get(event.n)?.resolve(event.value);
        this.#waiting.delete(event.n);
        break;
      case "refused":
        this.#waiting.get(event.n)?.reject(new Refused(event.message));
        this.#waiting.delete(event.n);
        break;
    }
    this.#told();
  }
}
