import * as l10n from "@vscode/l10n";
import type { Job } from "../../jobs/job.ts";
import { isEnded } from "../../jobs/job.ts";
import type {
  Answers,
  DraftPatch,
  HostMessage,
  JobView,
  PanelSettings,
  Request,
  ShownProblem,
} from "../../shared/messages/panel.ts";
import { answerSchemas, messageIdSchema, pageMessageSchema } from "../../shared/messages/panel.ts";
import { checkParameters, type ImageSource } from "../../shared/model/draft.ts";
import { hostingKindOf } from "../../shared/model/hosting.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import { sides } from "../../shared/model/side.ts";
import { distinctPrompts } from "../../shared/prompt/prompting.ts";
import { isolated, unexpectedText } from "../../shared/texts.ts";
import { elapsedSince, isLeft } from "../jobFacts.ts";
import type { Disposable, JobText, PanelDeps, SessionHost } from "./deps.ts";
import { Orders } from "./orders.ts";
import { fileName, keep, preview, recentPairs } from "./pair.ts";
import { readSettings } from "./settings.ts";
import { ReviewDesk } from "./videos.ts";

/** Most ended jobs that the panel shows, and as many that their user has left; those on their way are always shown. */
const endedShown = 6;
/** Edge in pixels of the pictures in the panel: sharp at half a wide window on a dense screen. */
const thumbnailEdge = 1024;
/** Most of the user's earlier prompts that the panel lists. */
const mostPrompts = 300;
/** What its user asked for and waits for: how it failed must reach them, also where the page that asked is gone. */
const wishes: ReadonlySet<Request["kind"]> = new Set([
  "generate",
  "again",
  "act",
  "command",
  "keep",
  "saveFrame",
  "reuse",
]);

/** The talk with the page: answers its requests and tells it what changed. Knows nothing of VS Code. */
export class PanelSession implements Disposable {
  readonly #deps: PanelDeps;
  readonly #host: SessionHost;
  readonly #listeners: readonly Disposable[];
  readonly #review: ReviewDesk;
  /** Commands that a problem shown in this panel offered: the page may ask for no other. */
  readonly #offered = new Set<string>();
  readonly #orders: Orders;
  #pageIsThere = false;
  /** Counts the pages: what one asked for is no answer to the next. */
  #page = 0;
  #disposed = false;
  #pendingPatches: DraftPatch[] = [];
  #jobsTold = "";

  constructor(deps: PanelDeps, host: SessionHost) {
    this.#deps = deps;
    this.#host = host;
    this.#orders = new Orders((order) => deps.generate(order));
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
        this.#tell({ kind: "settings", settings: this.#settings() });
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
    this.#page++;
  }

  /** Changes the draft of the page, now or as soon as it is there. */
  patchDraft(patch: DraftPatch): void {
    if (this.#pageIsThere) {
      this.#tell({ kind: "draft", patch });
    } else {
      this.#pendingPatches.push(patch);
    }
  }

  /** Shows a problem at its place in the page, or wherever the user works while no page is there. */
  showProblem(problem: Problem): void {
    const shown = this.#shown(problem);
    if (this.#pageIsThere && !this.#disposed) {
      this.#tell({ kind: "problem", problem: shown });
    } else {
      this.#host.notify(shown, "problem");
    }
  }

  /** Takes a message of the page, whatever it is, and answers it. */
  async receive(raw: unknown): Promise<void> {
    const parsed = pageMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.#deps.report(parsed.error);
      const { data } = messageIdSchema.safeParse(raw);
      if (data !== undefined && !this.#disposed) {
        this.#host.post({ kind: "failure", id: data.id, problem: { message: unexpectedText() } });
      }
      return;
    }
    const { id, request } = parsed.data;
    if (request.kind === "ready") {
      this.#page++;
    }
    const page = this.#page;
    let message: HostMessage & { kind: "answer" | "failure" };
    try {
      message = { kind: "answer", id, value: await this.#answer(request) };
    } catch (error) {
      message = { kind: "failure", id, problem: this.#shownError(error, request) };
    }
    if (page === this.#page && !this.#disposed) {
      this.#host.post(message);
    } else {
      this.#tellAnyway(request, message);
    }
  }

  /** What a page that is gone would have shown its user. */
  #tellAnyway(request: Request, message: HostMessage & { kind: "answer" | "failure" }): void {
    if (message.kind === "failure") {
      if (wishes.has(request.kind)) {
        this.#host.notify(message.problem, "problem");
      }
    } else if (request.kind === "command") {
      const { data } = answerSchemas.command.safeParse(message.value);
      if (data?.said !== undefined) {
        this.#host.notify({ message: data.said }, "news");
      }
    } else if (request.kind === "pick") {
      const { data } = answerSchemas.pick.safeParse(message.value);
      if (data?.path !== undefined) {
        this.patchDraft({ [request.side]: data.path });
      }
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
        return this.#drop(request.uris);
      case "generate":
        return this.#generate(request);
      case "draft":
        this.#deps.kept.put(request.kept);
        return {};
      case "act":
        return this.#done(this.#deps.act(request.jobId, request.action));
      case "video":
        return this.#video(request.jobId);
      case "command":
        return this.#command(request.command, request.setting);
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
    const jobs = this.#jobViews();
    const settings = this.#settings();
    const state = {
      settings,
      jobs,
      kept: this.#deps.kept.get(),
      patches: this.#pendingPatches,
    };
    // Only now: what fails above must not take along what was put into the draft.
    this.#pendingPatches = [];
    this.#pageIsThere = true;
    this.#jobsTold = JSON.stringify(jobs);
    return state;
  }

  #settings(): PanelSettings {
    return readSettings(this.#deps, (problem) => this.#shown(problem));
  }

  async #image(path: string): Promise<Answers["image"]> {
    const { bytes, ...facts } = await this.#deps.images.thumbnail(path, thumbnailEdge);
    return { bytes: owned(bytes), ...facts, name: fileName(path) };
  }

  /** @throws {ProblemError} where none of the addresses can be used: why the first one cannot. */
  #drop(uris: readonly string[]): Answers["drop"] {
    const paths: string[] = [];
    let refusal: unknown;
    for (const uri of uris) {
      try {
        paths.push(this.#host.pathOf(uri));
      } catch (error) {
        refusal ??= error;
      }
    }
    if (paths.length === 0 && refusal !== undefined) {
      throw refusal;
    }
    return { paths, others: uris.length - paths.length };
  }

  async #pick(side: Side): Promise<Answers["pick"]> {
    return { path: await this.#deps.pickImage(side) };
  }

  async #generate(request: Request & { kind: "generate" }): Promise<Answers["generate"]> {
    const jobId = await this.#orders.place("generate", {
      start: { kind: "file", path: request.start },
      end: { kind: "file", path: request.end },
      prompt: request.prompt,
      parameters: request.parameters,
      plans: request.plans,
      hosting: request.hosting,
      seen: request.seen,
    });
    return { jobId };
  }

  #prompts(): Answers["prompts"] {
    const newestFirst = this.#deps.jobs.list().map((job) => job.order.prompt);
    return { prompts: distinctPrompts(newestFirst, mostPrompts) };
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
    return { jobId: await this.#orders.place(`again ${jobId}`, this.#review.remade(jobId)) };
  }

  /** An image that came by its address stays empty in the draft, which holds files. */
  #reuse(jobId: string): Answers["reuse"] {
    const { start, end, prompt, parameters, plans, hosting, seen } = this.#review.remade(jobId);
    const path = (image: ImageSource) => (image.kind === "file" ? image.path : undefined);
    const fields = Object.entries(parameters).map(([word, value]) => [word, String(value)]);
    this.patchDraft({
      start: path(start),
      end: path(end),
      plans,
      prompt,
      parameters: Object.fromEntries(fields),
      hosting: hosting === hostingKindOf(this.#settings().hosting) ? undefined : hosting,
    });
    return { seen };
  }

  async #command(command: string, setting: string | undefined): Promise<Answers["command"]> {
    if (!this.#offered.has(offerOf(command, setting))) {
      throw new Error(`The page asked for the command ${command}, which was not offered to it.`);
    }
    return { said: await this.#host.runCommand(command, setting) };
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
    const newestFirst = this.#deps.jobs.list();
    const left = newestFirst.filter((job) => isLeft(job.progress)).slice(0, endedShown);
    const ended = newestFirst.filter((job) => isEnded(job.progress) && !isLeft(job.progress)).slice(0, endedShown);
    const shown = new Set([...left, ...ended]);
    return newestFirst.filter((job) => !isEnded(job.progress) || shown.has(job)).map((job) => this.#jobView(job));
  }

  #jobView(job: Job): JobView {
    const { state, detail, trouble, actions } = this.#described(job);
    return {
      id: job.id,
      name: job.order.name,
      state: job.progress.state,
      sentence: state,
      detail,
      isHeldUp: trouble !== undefined,
      isLeft: isLeft(job.progress),
      actions: [...actions],
      prompt: job.order.prompt,
      parameters: checkParameters(job.order.parameters),
      since: elapsedSince(job),
      video: job.progress.state === "saved" ? this.#host.relativePath(job.progress.video) : undefined,
      cost: this.#deps.costText(job),
      review: this.#review.view(job),
    };
  }

  /** A job in words. A wrong setting, on which its actions may depend, takes no job out of sight. */
  #described(job: Job): JobText {
    try {
      return this.#deps.describe(job);
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      return { state: this.#shown(error.problem).message, actions: [] };
    }
  }

  #shownError(error: unknown, request: Request): ShownProblem {
    if (error instanceof ProblemError) {
      const { problem } = error;
      if (problem.code === "imageChanged" && request.kind === "again") {
        return {
          message: l10n.t({
            message:
              "{0} has changed since this video was made, so nothing was sent and nothing was charged. To see it first, choose “Edit and Re-render…”.",
            args: [isolated(fileName(problem.path))],
            comment: ["{0} is a file name; “Edit and Re-render…” is a button"],
          }),
        };
      }
      const known = this.#shown(problem);
      const shown = problem.code === "imageChanged" ? { ...known, outdated: true } : known;
      const field = shown.field ?? sideOf(error.problem, request);
      return field === undefined ? shown : { ...shown, field };
    }
    this.#deps.report(error);
    return { message: unexpectedText() };
  }

  #shown(problem: Problem): ShownProblem {
    const shown = this.#deps.problemText(problem);
    for (const action of shown.actions ?? []) {
      this.#offered.add(offerOf(action.command, action.setting));
    }
    return shown;
  }
}

/** A command with the setting that it leads to, as one word. */
function offerOf(command: string, setting: string | undefined): string {
  return setting === undefined ? command : `${command} ${setting}`;
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
