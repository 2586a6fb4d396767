import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { costOf, type Job, type Progress } from "../../../src/jobs/job.ts";
import type { KeptForm } from "../../../src/shared/messages/form.ts";
import type { ShownProblem } from "../../../src/shared/messages/shownProblem.ts";
import type { UsedCap } from "../../../src/shared/model/budget.ts";
import type { HostingChoice } from "../../../src/shared/model/hosting.ts";
import type { Parameters as ModelParameters } from "../../../src/shared/model/parameters.ts";
import type { CropPlan } from "../../../src/shared/model/plan.ts";
import type { Price } from "../../../src/shared/model/price.ts";
import { type Problem, ProblemError } from "../../../src/shared/model/problem.ts";
import type { Side } from "../../../src/shared/model/side.ts";
import type { Size } from "../../../src/shared/model/size.ts";
import type { PanelDeps } from "../../../src/ui/panel/deps.ts";
import type { JobText } from "../../../src/ui/words/job.ts";
import type { Media } from "./fixtures.ts";

/** The path of a video whose name does not matter. */
const anyVideo = "/project/v.mp4";

/** The product behind the panel as a test plays it: what it was asked, and what it says. */
export class PlayedProduct {
  readonly generated: Parameters<PanelDeps["generate"]>[0][] = [];
  readonly acts: string[] = [];
  readonly commands: string[] = [];
  /** Paths of the videos that were opened, and why one can't be, by path. */
  readonly openedVideos: string[] = [];
  readonly videoProblems = new Map<string, Problem>();
  /** What a command has to say to its user. */
  said: string | undefined;
  /** What a command changes. */
  onCommand: (command: string) => void = () => undefined;
  /** Held back until the test lets it go: what a command that the page runs comes to. */
  commandGate: Promise<void> = Promise.resolve();
  readonly faults: unknown[] = [];
  /** How problems are put into words. */
  problemText: (problem: Problem) => ShownProblem = problemText;
  /** How jobs are put into words. */
  describe: (job: Job) => JobText = describe;
  /** Pictures that came without a file; each becomes the portrait. */
  readonly kept: { name: string; bytes: Buffer }[] = [];
  /** Held back until the test lets it go. */
  keepGate: Promise<void> = Promise.resolve();
  /** What reading an image file waits for, by path. */
  readonly imageGates = new Map<string, Promise<void>>();
  /** Why an image file cannot be read, by path. */
  readonly imageProblems = new Map<string, Problem>();
  /** Another picture that has taken a file's place, by path. */
  readonly replaced = new Map<string, string>();
  /** Image files read for the page. */
  readonly imagesRead: string[] = [];
  /** What was told in notifications. */
  readonly notified: { readonly kind: string; readonly problem: ShownProblem }[] = [];
  /** What is wrong with a setting. */
  settingProblem: Problem | undefined;
  /** The last draft that was kept. */
  keptDraft: unknown;
  /** What was asked to be shown exactly. */
  readonly previews: { path: string; size: Size; plan: CropPlan }[] = [];
  jobs: Job[] = [];
  /** The request whose video counts, by the recipe's path. */
  readonly picks = new Map<string, string>();
  defaults: ModelParameters = {};
  hosting: HostingChoice = "auto";
  /** The jobs' own copies of their images. */
  copies: { readonly start?: string; readonly end?: string } = {};
  /** Where videos are saved. */
  folder: string | undefined;
  /** What videos took so far, ms. */
  typical: number | undefined;
  price: Price = { kind: "unknown" };
  /** The caps on the number of videos that are set. */
  usedCaps: UsedCap[] = [];
  /** Held back until the test lets it go. */
  priceGate: Promise<void> = Promise.resolve();
  /** Parameters that an estimate was asked for. */
  readonly estimated: ModelParameters[] = [];
  /** True when the user, asked about the price, thinks better of it. */
  declined = false;
  /** What the image dialog gives next. */
  picked: string | undefined;
  /** What was assumed of every picture's colors. */
  assumed: { readonly assumed?: string } = {};
  /** What Generate meets: nothing, or a problem. */
  refusal: Problem | undefined;
  /** Held back until the test lets it go. */
  generateGate: Promise<void> = Promise.resolve();
  /** What reading a video waits for. */
  videoGate: Promise<void> = Promise.resolve();
  readonly #media: Media;
  readonly #jobListeners = new Set<() => void>();
  readonly #pickListeners = new Set<() => void>();
  readonly #defaultListeners = new Set<() => void>();

  constructor(media: Media) {
    this.#media = media;
  }

  /** Runs one of VS Code's commands. */
  run(command: string, setting?: string): string | undefined {
    this.commands.push(setting === undefined ? command : `${command} ${setting}`);
    this.onCommand(command);
    return this.said;
  }

  get deps(): PanelDeps {
    return {
      images: {
        thumbnail: async (path) => {
          this.imagesRead.push(path);
          await this.imageGates.get(path);
          const problem = this.imageProblems.get(path);
          if (problem !== undefined) {
            throw new ProblemError(problem);
          }
          const file = this.replaced.get(path) ?? path;
          const size = this.#sizes[file];
          if (size === undefined) {
            throw new ProblemError({ code: "imageMissing", path });
          }
          return { bytes: await readFile(file), mime: "image/png", ...size, ...this.assumed, sha256: shaOf(file) };
        },
        keep: async (bytes, name) => {
          await this.keepGate;
          if (bytes[0] !== 0x89) {
            throw new ProblemError({ code: "notAnImage", path: name });
          }
          this.kept.push({ name, bytes: Buffer.from(bytes) });
          return this.#media.portrait;
        },
        preview: async (path, size, plan) => {
          this.previews.push({ path, size, plan });
          return await readFile(path);
        },
      },
      generate: async (draft) => {
        this.generated.push(draft);
        await this.generateGate;
        if (this.refusal !== undefined) {
          throw new ProblemError(this.refusal);
        }
        if (this.declined) {
          return undefined;
        }
        const job = this.job({ state: "preparing" });
        this.setJobs([job, ...this.jobs]);
        return job.id;
      },
      jobs: {
        // As the journal lists them.
        list: () => this.jobs.toSorted((a, b) => b.createdAt - a.createdAt),
        get: (id) => this.jobs.find((job) => job.id === id),
        onDidChange: (listener) => listen(this.#jobListeners, listener),
      },
      copyOf: (_job, side) => this.copies[side],
      runTime: (parameters) => {
        this.estimated.push(parameters);
        return this.typical;
      },
      folderFor: () => this.folder,
      usedCaps: () => this.usedCaps,
      price: async () => {
        await this.priceGate;
        return this.price;
      },
      act: async (jobId, action) => {
        this.acts.push(`${action} ${jobId}`);
        if (action === "openAccount") {
          throw new ProblemError({ code: "notPossibleNow", state: "running" });
        }
      },
      describe: (job) => this.describe(job),
      costText,
      problemText: (problem) => this.problemText(problem),
      pickImage: async (_side: Side) => this.picked,
      openVideo: async (path) => {
        const problem = this.videoProblems.get(path);
        if (problem !== undefined) {
          throw new ProblemError(problem);
        }
        this.openedVideos.push(path);
        const id = `file-${basename(path)}`;
        const progress = { state: "saved", requestId: "", video: path, recipe: "" } as const;
        this.setJobs([this.job(progress, { id }), ...this.jobs.filter((job) => job.id !== id)]);
        return id;
      },
      recipes: {
        pickedIn: (path) => (this.picks.has(path) ? { requestId: this.picks.get(path) } : undefined),
        onDidChange: (listener) => listen(this.#pickListeners, listener),
      },
      hosting: () => this.hosting,
      kept: {
        get: () => this.keptDraft,
        put: (draft: KeptForm) => {
          this.keptDraft = draft;
        },
      },
      defaults: {
        get: () => this.#readDefaults(),
        onDidChange: (listener) => listen(this.#defaultListeners, listener),
      },
      report: (error) => this.faults.push(error),
    };
  }

  #readDefaults(): ModelParameters {
    if (this.settingProblem !== undefined) {
      throw new ProblemError(this.settingProblem);
    }
    return this.defaults;
  }

  /** A job as the engine would hold it. */
  job(progress: Progress, change: Partial<Job> = {}): Job {
    const id = change.id ?? `job${this.jobs.length + 1}`;
    const name = change.order?.name ?? `harbour-dawn-${id.slice(3)}`;
    return {
      id,
      createdAt: Date.now() + this.jobs.length,
      order: {
        start: { kind: "file", path: this.#media.start, sourceSha256: shaOf(this.#media.start) },
        end: { kind: "file", path: this.#media.end, sourceSha256: shaOf(this.#media.end) },
        prompt:
          "Locked-off camera. Dawn turns into night: the sun sinks and the windows of the harbour light up one by one.",
        parameters: { resolution: "720x480 (3:2)", seed: 271828182 },
        service: "https://service.test",
        folder: "/project/videos",
        root: "/project",
        name,
      },
      ...change,
      // A saved video is called as its order said, unless its path says otherwise.
      progress:
        progress.state === "saved" && progress.video === anyVideo
          ? { ...progress, video: `/project/videos/${name}.mp4` }
          : progress,
    };
  }

  setJobs(jobs: Job[]): void {
    this.jobs = jobs;
    for (const listener of this.#jobListeners) {
      listener();
    }
  }

  /** Lets another request's video count in a recipe. */
  setPick(recipe: string, requestId: string): void {
    this.picks.set(recipe, requestId);
    for (const listener of this.#pickListeners) {
      listener();
    }
  }

  setDefaults(defaults: ModelParameters, problem?: Problem): void {
    this.defaults = defaults;
    this.settingProblem = problem;
    for (const listener of this.#defaultListeners) {
      listener();
    }
  }

  get #sizes(): Record<string, { width: number; height: number }> {
    return {
      [this.#media.start]: { width: 1600, height: 1200 },
      [this.#media.end]: { width: 1920, height: 1080 },
      [this.#media.portrait]: { width: 720, height: 1280 },
    };
  }
}

/** A product whose list has a saved job for each video, oldest first. */
export function savedVideos(media: Media, ...videos: string[]): PlayedProduct {
  const product = new PlayedProduct(media);
  product.jobs = videos.map((video, index) =>
    product.job({ state: "saved", requestId: "r", video, recipe: "" }, { id: `job${index + 1}`, createdAt: index }),
  );
  return product;
}

/** Stands for the SHA-256 of a picture's file. */
export function shaOf(path: string): string {
  return createHash("sha256").update(path).digest("hex");
}

function listen(listeners: Set<() => void>, listener: () => void): { dispose(): void } {
  listeners.add(listener);
  return { dispose: () => void listeners.delete(listener) };
}

/** Sentences of the kind that the product writes. */
function describe(job: Job): JobText {
  const { progress } = job;
  const keep = { id: "reveal", label: "Reveal in Explorer" } as const;
  switch (progress.state) {
    case "preparing":
      return { state: "Preparing images", actions: [{ id: "cancel", label: "Cancel" }] };
    case "waiting":
      return { state: "Waiting for the service", actions: [{ id: "cancel", label: "Cancel" }] };
    case "submitting":
      return { state: "Sending", actions: [] };
    case "queued":
      return {
        state: `Queued at position ${progress.position ?? "?"}`,
        actions: [{ id: "cancel", label: "Cancel (Still Queued)" }],
      };
    case "running":
      return { state: "Running. It cannot be stopped; the video will be saved.", actions: [] };
    case "downloading":
      return { state: "Downloading", actions: [] };
    case "unclear":
    case "needsAction":
      return { state: "Needs your decision", detail: problemText(progress.problem).message, actions: [keep] };
    case "saved":
      return {
        state: "Done",
        actions: [
          { id: "open", label: "Open" },
          keep,
          { id: "copyPath", label: "Copy Path" },
          { id: "insertSnippet", label: "Insert HTML for the Video" },
          { id: "openRecipe", label: "Open Recipe" },
          ...(job.order.recipe === undefined ? [] : [{ id: "useTake", label: "Use This Take" } as const]),
        ],
      };
    case "failed":
      return {
        state: "Failed",
        detail: problemText(progress.problem).message,
        actions: [
          { id: "retry", label: "Try Again" },
          { id: "openAccount", label: "Show Log" },
        ],
      };
    case "cancelled":
      return { state: "Cancelled before it ran", actions: [] };
  }
}

function costText({ progress }: Job): string | undefined {
  const cost = costOf(progress);
  return cost === undefined ? undefined : `Cost: ${cost} USD`;
}

function problemText(problem: Problem): ShownProblem {
  switch (problem.code) {
    case "notAFile":
      return { message: `${problem.name} is no file of this computer.` };
    case "imageMissing":
      return { message: `The image ${basename(problem.path)} is no longer there.` };
    case "promptEmpty":
      return { message: "The prompt is empty.", field: "prompt" };
    case "parameterInvalid":
      return { message: `The service does not accept ${problem.value} here.`, field: "shift" };
    case "settingInvalid":
      return {
        message: `The setting ${problem.setting} can’t be ${problem.value}.`,
        actions: [{ command: "wanFlf2v.openSettings", setting: problem.setting, label: "Open Settings" }],
      };
    case "imageChanged":
      return { message: `${basename(problem.path)} changed before the video was sent.` };
    case "tokenMissing":
      return {
        message: "No RunComfy API token is set, so nothing can be generated yet.",
        actions: [{ command: "wanFlf2v.setToken", label: "Set API Token…" }],
      };
    case "generationFailed":
      return { message: `The service could not make this video: ${problem.message}` };
    default:
      return { message: `Something is wrong: ${problem.code}.` };
  }
}
