import type { Job } from "../../jobs/job.ts";
import { isEnded } from "../../jobs/job.ts";
import { checkParameters, type ImageSource } from "../../model/draft.ts";
import { type HostingChoice, hostingKindOf } from "../../model/hosting.ts";
import type { Parameters } from "../../model/parameters.ts";
import type { PairPlans } from "../../model/plan.ts";
import type { Price } from "../../model/price.ts";
import { type Problem, ProblemError } from "../../model/problem.ts";
import { distinctPrompts } from "../../model/prompting.ts";
import type {
  Answers,
  DraftPatch,
  HostMessage,
  JobView,
  PanelStrings,
  ParameterTexts,
  Request,
  ShownProblem,
  Side,
} from "./protocol.ts";
import { pageMessageSchema, sides } from "./protocol.ts";
import { ReviewDesk } from "./reviewSession.ts";
import { fileName, keep, preview, recentPairs, type StudioImages } from "./studioSession.ts";

interface Disposable {
  dispose(): void;
}

/** A job in words, and what its user can do with it. */
export interface JobText {
  /** The state in one sentence, with the queue position where there is one. */
  readonly state: string;
  /** Why it failed or waits, or what to know about it. */
  readonly detail?: string;
  readonly actions: readonly { readonly id: string; readonly label: string }[];
}

/** A small picture of an image file. */
export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly mime: string;
  /** Pixels of the original, turned upright. */
  readonly width: number;
  readonly height: number;
}

/** What a job is to be made of. */
export interface Order {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  readonly parameters: unknown;
  readonly plans?: PairPlans | undefined;
  /** How the images get to the service; without it, as the settings say. */
  readonly hosting?: HostingChoice | undefined;
}

/** What the panel needs of the product. */
export interface PanelDeps {
  readonly images: {
    /**
     * @param maxEdge longest edge of the thumbnail in pixels.
     * @throws {ProblemError} where the file is missing or no image that can be used.
     */
    thumbnail(path: string, maxEdge: number): Promise<Thumbnail>;
  } & StudioImages;
  /**
   * Makes a job of a draft.
   * @returns the job's id; undefined where the user was asked and thought better of it.
   * @throws {ProblemError} where nothing was made.
   */
  generate(draft: Order): Promise<string | undefined>;
  /** What the user's own videos of the same work typically took, ms; undefined without any. */
  runTime(parameters: Parameters): number | undefined;
  /** What the service says a video costs. Never throws. */
  price(): Promise<Price>;
  readonly jobs: { list(): readonly Job[]; onDidChange(listener: () => void): Disposable };
  /** Absolute path of a job's own copy of an image, as it was sent; undefined where none is kept. */
  copyOf(job: Job, side: Side): string | undefined;
  /** Does what one of the actions of {@link describe} names. Throws {@link ProblemError} where it cannot. */
  act(jobId: string, action: string): Promise<void>;
  describe(job: Job): JobText;
  /** What an ended request cost, in words; undefined where nothing was sent, or it is not over. */
  costText(job: Job): string | undefined;
  problemText(problem: Problem): ShownProblem;
  /** Lets the user choose an image file; undefined when they think better of it. */
  pickImage(side: Side): Promise<string | undefined>;
  /** How the settings let images get to the service; changes are told with those of `defaults`. */
  hosting(): HostingChoice;
  /** What the user's settings put in place of the model's defaults. */
  readonly defaults: { get(): Parameters; onDidChange(listener: () => void): Disposable };
  /** Takes note of a fault of ours. */
  report(error: unknown): void;
}

/** What the panel needs of VS Code. */
export interface SessionHost {
  readonly strings: PanelStrings;
  readonly texts: ParameterTexts;
  readonly language: string;
  post(message: HostMessage): void;
  readFile(path: string): Promise<Uint8Array>;
  /** Gives the sentence that the command has for its user, where it has one. */
  runCommand(command: string): Promise<string | undefined>;
  /** The absolute path behind an address, undefined where it is no file's. */
  pathOf(uri: string): string | undefined;
  /** A path as people of this workspace write it. */
  relativePath(path: string): string;
}

/** Most ended jobs that the panel shows; those on their way are always shown. */
const endedShown = 6;
/** Edge in pixels of the pictures in the panel: sharp at half a wide window on a dense screen. */
const thumbnailEdge = 1024;
/** Most of the user's earlier prompts that the panel lists. */
const mostPrompts = 300;

/** The talk with the page: answers its requests and tells it what changed. Knows nothing of VS Code. */
export class PanelSession implements Disposable {
  readonly #deps: PanelDeps;
  readonly #host: SessionHost;
  readonly #listeners: readonly Disposable[];
  readonly #review: ReviewDesk;
  /** Commands that a problem shown in this panel offered: the page may ask for no other. */
  readonly #offered = new Set<string>();
  #pageIsThere = false;
  #disposed = false;
  #pendingPatch: DraftPatch = {};
  #generating: Promise<string | undefined> | undefined;
  #jobsTold = "";

  constructor(deps: PanelDeps, host: SessionHost) {
    this.#deps = deps;
    this.#host = host;
    this.#review = new ReviewDesk({
      list: () => deps.jobs.list(),
      copyOf: (job, side) => deps.copyOf(job, side),
      readFile: (path) => host.readFile(path),
      relativePath: (path) => host.relativePath(path),
      changed: () => this.#tellJobs(),
    });
    this.#listeners = [
      deps.jobs.onDidChange(() => this.#tellJobs()),
      deps.defaults.onDidChange(() => {
        this.#tell({ kind: "defaults", defaults: deps.defaults.get(), hosting: deps.hosting() });
        // What can be done with a job may depend on the settings.
        this.#tellJobs();
      }),
    ];
  }

  dispose(): void {
    this.#disposed = true;
    for (const listener of this.#listeners) {
      listener.dispose();
    }
  }

  /** To be called when the page is taken down (hidden): it will say "ready" again when it is back. */
  pageGone(): void {
    this.#pageIsThere = false;
  }

  /** Changes the draft of the page, now or as soon as it is there. */
  patchDraft(patch: DraftPatch): void {
    if (this.#pageIsThere) {
      this.#tell({ kind: "draft", patch });
    } else {
      this.#pendingPatch = { ...this.#pendingPatch, ...patch };
    }
  }

  /** Shows a problem at its place in the page. */
  showProblem(problem: Problem): void {
    this.#tell({ kind: "problem", problem: this.#shown(problem) });
  }

  /** Takes a message of the page, whatever it is, and answers it. */
  async receive(raw: unknown): Promise<void> {
    const parsed = pageMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.#deps.report(parsed.error);
      return;
    }
    const { id, request } = parsed.data;
    let message: HostMessage;
    try {
      message = { kind: "answer", id, value: await this.#answer(request) };
    } catch (error) {
      message = { kind: "failure", id, problem: this.#shownError(error, request) };
    }
    if (!this.#disposed) {
      this.#host.post(message);
    }
  }

  #answer(request: Request): Promise<Answers[Request["kind"]]> | Answers[Request["kind"]] {
    switch (request.kind) {
      case "ready":
        return this.#ready();
      case "image":
        return this.#image(request.path);
      case "pick":
        return this.#pick(request.side);
      case "drop":
        return { paths: request.uris.map((uri) => this.#host.pathOf(uri)).filter((path) => path !== undefined) };
      case "generate":
        return this.#generate(request);
      case "act":
        return this.#done(this.#deps.act(request.jobId, request.action));
      case "video":
        return this.#video(request.jobId);
      case "command":
        return this.#command(request.command);
      case "prompts":
        return this.#prompts();
      case "runTime":
        return { typical: this.#deps.runTime(request.parameters) };
      case "price":
        return this.#deps.price();
      case "input":
        return this.#input(request);
      case "measured":
        this.#review.measured(request.jobId, request.measures);
        return {};
      case "saveFrame":
        return this.#review.saveFrame(request.jobId, request.frame, request.bytes);
      case "again":
        return this.#again(request.jobId);
      case "reuse":
        return this.#reuse(request.jobId);
      case "keep":
        return keep(this.#deps.images, request);
      case "preview":
        return preview(this.#deps.images, request);
      case "recentPairs":
        return recentPairs(this.#deps.jobs.list());
    }
  }

  #ready(): Answers["ready"] {
    const { strings, texts, language } = this.#host;
    const patch = this.#pendingPatch;
    this.#pendingPatch = {};
    this.#pageIsThere = true;
    const jobs = this.#jobViews();
    this.#jobsTold = JSON.stringify(jobs);
    const { defaults, hosting } = this.#deps;
    return { strings, texts, language, defaults: defaults.get(), hosting: hosting(), jobs, patch };
  }

  async #image(path: string): Promise<Answers["image"]> {
    const { bytes, mime, width, height } = await this.#deps.images.thumbnail(path, thumbnailEdge);
    return { bytes: owned(bytes), mime, width, height, name: fileName(path) };
  }

  async #pick(side: Side): Promise<Answers["pick"]> {
    return { path: await this.#deps.pickImage(side) };
  }

  async #generate(request: Request & { kind: "generate" }): Promise<Answers["generate"]> {
    const jobId = await this.#order({
      start: { kind: "file", path: request.start },
      end: { kind: "file", path: request.end },
      prompt: request.prompt,
      parameters: request.parameters,
      plans: request.plans,
      hosting: request.hosting,
    });
    return { jobId };
  }

  /** One at a time: a second press while the first is under way gets the first one's job, not another paid one. */
  async #order(draft: Order): Promise<string | undefined> {
    this.#generating ??= this.#deps.generate(draft).finally(() => {
      this.#generating = undefined;
    });
    return await this.#generating;
  }

  #prompts(): Answers["prompts"] {
    const newestFirst = [...this.#deps.jobs.list()].sort((a, b) => b.createdAt - a.createdAt);
    return {
      prompts: distinctPrompts(
        newestFirst.map((job) => job.order.prompt),
        mostPrompts,
      ),
    };
  }

  async #video(jobId: string): Promise<Answers["video"]> {
    const job = this.#deps.jobs.list().find((candidate) => candidate.id === jobId);
    if (job?.progress.state !== "saved") {
      throw new ProblemError({ code: "jobUnknown", id: jobId });
    }
    return { bytes: owned(await this.#host.readFile(job.progress.video)) };
  }

  async #input({ jobId, side }: Request & { kind: "input" }): Promise<Answers["input"]> {
    const bytes = await this.#review.input(jobId, side);
    return bytes === undefined ? {} : { bytes: owned(bytes) };
  }

  async #again(jobId: string): Promise<Answers["again"]> {
    return { jobId: await this.#order(this.#review.remade(jobId)) };
  }

  /** An image that came by its address stays empty in the draft, which holds files. */
  #reuse(jobId: string): Answers["reuse"] {
    const { start, end, prompt, parameters, plans, hosting } = this.#review.remade(jobId);
    const path = (image: ImageSource) => (image.kind === "file" ? image.path : undefined);
    const fields = Object.entries(parameters).map(([word, value]) => [word, String(value)]);
    this.patchDraft({
      start: path(start),
      end: path(end),
      plans,
      prompt,
      parameters: Object.fromEntries(fields),
      hosting: hosting === hostingKindOf(this.#deps.hosting()) ? undefined : hosting,
    });
    return {};
  }

  async #command(command: string): Promise<Answers["command"]> {
    if (!this.#offered.has(command)) {
      throw new Error(`The page asked for the command ${command}, which was not offered to it.`);
    }
    return { said: await this.#host.runCommand(command) };
  }

  async #done(work: Promise<void>): Promise<Record<string, never>> {
    await work;
    return {};
  }

  #tell(message: HostMessage): void {
    if (this.#pageIsThere && !this.#disposed) {
      this.#host.post(message);
    }
  }

  #tellJobs(): void {
    const jobs = this.#jobViews();
    const text = JSON.stringify(jobs);
    if (text !== this.#jobsTold) {
      this.#jobsTold = text;
      this.#tell({ kind: "jobs", jobs });
    }
  }

  #jobViews(): JobView[] {
    const newestFirst = [...this.#deps.jobs.list()].sort((a, b) => b.createdAt - a.createdAt);
    const ended = newestFirst.filter((job) => isEnded(job.progress)).slice(0, endedShown);
    return newestFirst.filter((job) => !isEnded(job.progress) || ended.includes(job)).map((job) => this.#jobView(job));
  }

  #jobView(job: Job): JobView {
    const { state, detail, actions } = this.#deps.describe(job);
    return {
      id: job.id,
      name: job.order.name,
      state: job.progress.state,
      sentence: state,
      detail,
      actions: [...actions],
      prompt: job.order.prompt,
      parameters: checkParameters(job.order.parameters),
      since: isEnded(job.progress) ? undefined : (job.runningAt ?? job.submittedAt ?? job.createdAt),
      video: job.progress.state === "saved" ? this.#host.relativePath(job.progress.video) : undefined,
      cost: this.#deps.costText(job),
      review: this.#review.view(job),
    };
  }

  #shownError(error: unknown, request: Request): ShownProblem {
    if (error instanceof ProblemError) {
      const shown = this.#shown(error.problem);
      const field = shown.field ?? sideOf(error.problem, request);
      return field === undefined ? shown : { ...shown, field };
    }
    this.#deps.report(error);
    return { message: this.#host.strings.unexpected };
  }

  #shown(problem: Problem): ShownProblem {
    const shown = this.#deps.problemText(problem);
    for (const action of shown.actions ?? []) {
      this.#offered.add(action.command);
    }
    return shown;
  }
}

/** The side that a problem with an image file concerns, when a pair was sent. */
function sideOf(problem: Problem, request: Request): Side | undefined {
  if (request.kind !== "generate" || !("path" in problem)) {
    return undefined;
  }
  return sides.find((side) => request[side] === problem.path);
}

/** The same bytes in a buffer of their own, so that a message carries no more than them. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
