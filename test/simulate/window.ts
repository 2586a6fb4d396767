import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createFetch } from "../../src/host/http.ts";
import { Tokens } from "../../src/host/token.ts";
import { createStorage } from "../../src/hosting/storage.ts";
import type { Job } from "../../src/jobs/job.ts";
import { Journal } from "../../src/jobs/journal/journal.ts";
import type { Ports } from "../../src/jobs/ports.ts";
import { JobService } from "../../src/jobs/service.ts";
import { createClient } from "../../src/runcomfy/client.ts";
import { ProblemError } from "../../src/shared/model/problem.ts";
import { service, storage as storageHost } from "./network.ts";
import { Process, type Scheduler } from "./scheduler.ts";
import { readVideo } from "./video.ts";
import type { World } from "./world.ts";

/** The token of the environment: another account's. */
export const foreignToken = "tok-of-the-employer";
/** VS Code waits so long for `deactivate`, ms. */
const closingTime = 5000;

/** What the user has set, the same for all windows. */
export interface Settings {
  jobsAtOnce: number;
  deleteUploads: boolean;
  /** Something is wrong with a setting. */
  isBroken: boolean;
  strictCertificates: boolean;
}

/** One VS Code window with the whole engine in it, in a process of its own. */
export class Window {
  readonly process: Process;
  readonly #world: World;
  readonly #settings: Settings;
  #jobs: JobService | undefined;
  #tokens: Tokens | undefined;
  /** The log's channel is closed. */
  #isDeaf = false;
  isClosing = false;
  #isLoading = false;

  constructor(world: World, settings: Settings, machine: string) {
    this.#world = world;
    this.#settings = settings;
    const pid = 1000 + world.processes.size;
    this.process = new Process(`w${world.processes.size + 1}`, pid, machine);
    world.processes.set(pid, this.process);
  }

  get name(): string {
    return this.process.name;
  }

  get isAlive(): boolean {
    return this.process.isAlive;
  }

  /** The engine; undefined where the window could not load it yet. */
  get jobs(): JobService | undefined {
    return this.isAlive ? this.#jobs : undefined;
  }

  /** What the views show; throws where they cannot. */
  list(): readonly Job[] {
    return this.process.run(() => this.jobs?.list() ?? []);
  }

  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  get #scheduler(): Scheduler {
    return this.#world.scheduler;
  }

  #trace(text: string): void {
    if (!this.isAlive) {
      return;
    }
    this.#world.trace(`${this.name} ${text}`);
  }

  /** Begins to load the engine, as a window does when it opens and, where that failed, at the next command. */
  async load(): Promise<void> {
    if (this.#jobs === undefined && !this.#isLoading && this.isAlive) {
      this.#isLoading = true;
      await this.#scheduler.act(this.process, () => {
        this.#load()
          .catch((error: unknown) => this.#trace(`does not load: ${wordOf(error)}`))
          .finally(() => {
            this.#isLoading = false;
          });
      });
    }
  }

  async #load(): Promise<void> {
    const world = this.#world;
    const journal = await Journal.opened(world.journal, (path) => this.#trace(`journal set aside as ${path}`));
    const tokens = new Tokens(
      world.secrets.port,
      { RUNCOMFY_TOKEN: foreignToken },
      () => service,
      async () => undefined,
    );
    const jobs = new JobService(journal, this.#ports(tokens));
    this.#tokens = tokens;
    this.#jobs = jobs;
    jobs.onDidChange(() => {
      jobs.list();
      tokens.forgetEarlier(() => jobs.tokensInUse()).catch((error: unknown) => this.#trace(`tokens: ${wordOf(error)}`));
    });
    tokens.onDidChange(() => jobs.wake());
    jobs.start();
    this.#trace("loaded");
  }

  /** The process ends without a word. */
  kill(why: string): void {
    if (this.isAlive) {
      this.#trace(`killed ${why}`);
      this.process.kill();
    }
  }

  /** Closes as VS Code does: the log first, then the engine, for which it waits so long and no longer. */
  async close(): Promise<void> {
    if (!this.isAlive || this.isClosing) {
      return;
    }
    this.isClosing = true;
    this.#trace("closes");
    const end = this.#scheduler.after(closingTime, undefined, () => this.kill("at the end of its patience"));
    await this.#scheduler.act(this.process, () => {
      this.#isDeaf = true;
      this.#tokens?.dispose();
      const ended = this.#jobs?.dispose() ?? Promise.resolve();
      const over = () => {
        end.cancelled = true;
        this.kill("in good order");
      };
      ended.then(over, (error: unknown) => {
        this.#world.violation("crash", `${this.name} dispose: ${wordOf(error)}`);
        over();
      });
    });
  }

  #ports(tokens: Tokens): Ports {
    const world = this.#world;
    const now = () => world.clock(this.process.machine);
    const fetch = createFetch(() => ({
      dispatcherAvoidsProxy: true,
      strictCertificates: this.#settings.strictCertificates,
    }));
    return {
      storage: world.storage,
      client: (base, sentWith) =>
        createClient({
          base,
          fetch,
          token: async () => (await tokens.find(base))?.token,
          ...(sentWith !== undefined && { sentWith: () => tokens.named(sentWith, base) }),
          onExchange: ({ method, path, status }) => this.#log(`${method} ${path} ${status}`),
          now,
        }),
      fetch,
      verify: async (file) => {
        const { disk, random } = world;
        await disk.operation("open", file);
        await this.#scheduler.wait(random.between(1, 60), this.process);
        if (readVideo(readFileSync(file)) === undefined) {
          throw new ProblemError({ code: "notAVideo", reason: "truncated" });
        }
        return { extension: ".mp4", codec: "simulated", width: 16, height: 16, frames: 81, fps: 16, duration: 5 };
      },
      conform: async ({ bytes, path }) => {
        await this.#scheduler.wait(world.random.between(5, world.random.chance(0.1) ? 15_000 : 800), this.process);
        if (this.isClosing) {
          throw new ProblemError({ code: "workerFailed", reason: "closed" });
        }
        if (bytes.byteLength === 0) {
          throw new ProblemError({ code: "imageEmpty", path });
        }
        const png = Buffer.concat([Buffer.from("conformed "), bytes]);
        return { png, sha256: createHash("sha256").update(png).digest("hex") };
      },
      hosting: {
        inline: async (png) => `data:image/png;base64,${Buffer.from(png).toString("base64")}`,
        storage: createStorage({
          settings: (kind) =>
            kind === "put" ? { url: `https://${storageHost}/\${name}`, headers: {}, publicUrl: "" } : undefined,
          credentials: async () => undefined,
          fetch,
          now,
        }),
      },
      leftBehind: (host) => this.#log(`left behind at ${host}`),
      answerUnsaved: (requestId) => this.#trace(`shows ${requestId}, which cannot be written down`),
      tokenInUse: async (base) => (await tokens.find(base))?.name,
      limits: () => ({
        jobsAtOnce: this.#settings.jobsAtOnce,
        videoBytes: 1_000_000,
        trustedHosts: [],
        deleteUploads: this.#settings.deleteUploads,
        recipeInVideo: false,
        keepEnded: 90 * 24 * 3_600_000,
        problem: this.#settings.isBroken ? { code: "settingInvalid", setting: "jobsAtOnce", value: "100" } : undefined,
      }),
      isFocused: () => true,
      now,
      monotonic: () => this.#scheduler.now,
      random: Math.random,
      log: (message) => this.#log(message),
      checkpoint: (name) => world.database.boundary(this.process, name),
    };
  }

  #log(message: string): void {
    if (this.#isDeaf && this.isAlive) {
      throw new Error("Channel has been closed");
    }
    this.#trace(`| ${message}`);
  }
}

/** An error in a word or two. */
export function wordOf(error: unknown): string {
  return error instanceof ProblemError
    ? JSON.stringify(error.problem)
    : error instanceof Error
      ? error.message
      : String(error);
}
