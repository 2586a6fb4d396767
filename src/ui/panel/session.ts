import type { FormPatch } from "../../shared/messages/form.ts";
import { ownCommands, type PanelSettings, type PanelState } from "../../shared/messages/panel.ts";
import {
  type AnswerOf,
  type FieldsOf,
  type Handlers,
  type HostEvent,
  type Kind,
  pageMessageSchema,
  type Reply,
  requests,
} from "../../shared/messages/registry.ts";
import { messageIdSchema, RequestError } from "../../shared/messages/rpc.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import { unexpectedText } from "../../shared/texts.ts";
import { PaidCalls } from "../wishes.ts";
import type { Disposable, PanelDeps, SessionHost } from "./deps.ts";
import type { Desk } from "./desk.ts";
import { formHandlers } from "./form.ts";
import { JobViews, jobHandlers } from "./jobs.ts";
import { pairHandlers } from "./pair.ts";
import { videoHandlers } from "./videos.ts";

/** The host's side of the conversation with the page: answers its requests and reports changes. Independent of VS Code. */
export class PanelSession implements Disposable {
  readonly #deps: PanelDeps;
  readonly #host: SessionHost;
  readonly #desk: Desk;
  readonly #views: JobViews;
  readonly #handlers: Handlers;
  readonly #listeners: readonly Disposable[];
  /** Commands that the page or problems in this panel have offered: the page may run no others. */
  readonly #offered = new Set<string>(Object.values(ownCommands));
  #pageIsThere = false;
  #isSeen = true;
  #inView: string | undefined;
  /** Counts the pages: an answer to one must not go to the next. */
  #page = 0;
  #disposed = false;
  #pendingPatches: FormPatch[] = [];
  /** The job to put on the stage as soon as the page is ready. */
  #pendingShown: string | undefined;

  constructor(deps: PanelDeps, host: SessionHost) {
    this.#deps = deps;
    this.#host = host;
    const paidCalls = new PaidCalls<string | undefined>();
    this.#desk = {
      deps,
      host,
      measures: new Map(),
      settings: () => this.#settings(),
      patchDraft: (patch) => this.patchDraft(patch),
      showJob: (jobId) => this.showJob(jobId),
      tellJobs: () => this.#tellJobs(),
      inWords: (problem) => this.#inWords(problem),
      generate: (press, draft) => paidCalls.once(JSON.stringify([press, draft]), () => deps.generate(draft)),
    };
    this.#views = new JobViews(this.#desk);
    this.#handlers = {
      ready: () => this.#ready(),
      command: (fields) => this.#command(fields),
      inView: ({ jobId }) => {
        this.#inView = jobId;
        return {};
      },
      ...formHandlers(this.#desk),
      ...jobHandlers(this.#desk),
      ...pairHandlers(this.#desk),
      ...videoHandlers(this.#desk),
    };
    this.#listeners = [
      deps.jobs.onDidChange(() => this.#tellJobs()),
      deps.recipes.onDidChange(() => this.#tellJobs()),
      deps.defaults.onDidChange(() => {
        this.#tell({ kind: "settings", settings: this.#settings() });
        // The actions of a job may depend on the settings.
        this.#views.outdate();
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

  /** Call this when the panel is hidden or shown. While nobody sees the page, what it is refused is told elsewhere as well. */
  pageSeen(isSeen: boolean): void {
    this.#isSeen = isSeen;
    this.#tell({ kind: "seen", isSeen });
  }

  /** The job that the page has on its stage and in view. */
  get shownJob(): string | undefined {
    return this.#inView;
  }

  /** Changes the page's form, now or as soon as the page is ready. */
  patchDraft(patch: FormPatch): void {
    if (this.#pageIsThere) {
      this.#tell({ kind: "draft", patch });
    } else {
      this.#pendingPatches.push(patch);
      if (Object.keys(patch).length > 0) {
        this.#pendingShown = undefined;
      }
    }
  }

  /** Puts a job on the stage, now or as soon as the page is ready. */
  showJob(jobId: string): void {
    if (this.#pageIsThere) {
      this.#tell({ kind: "show", jobId });
    } else {
      this.#pendingShown = jobId;
    }
  }

  /** Receives any message from the page, and answers it. */
  async receive(raw: unknown): Promise<void> {
    const parsed = pageMessageSchema.safeParse(raw);
    if (parsed.success) {
      const { id, request } = parsed.data;
      await this.#answer(id, request.kind, request);
      return;
    }
    const problem = this.#shownProblemOf(parsed.error);
    const { data } = messageIdSchema.safeParse(raw);
    if (data !== undefined && !this.#disposed) {
      this.#host.post({ kind: "failure", id: data.id, problem });
    }
  }

  async #answer<K extends Kind>(id: number, kind: K, raw: unknown): Promise<void> {
    if (kind === "ready") {
      this.#page++;
      this.#inView = undefined;
    }
    const page = this.#page;
    let reply: Reply;
    /** Tells the user what the page would have shown if they saw it. */
    let tellOutside: () => void;
    let late: () => void = () => undefined;
    try {
      const fields = requests[kind].fields.parse(raw);
      const value = await this.#handlers[kind](fields);
      reply = { kind: "answer", id, value };
      tellOutside = () => this.#said[kind]?.(value);
      late = () => this.#late[kind]?.(value, fields);
    } catch (error) {
      const problem = this.#shownProblemOf(error);
      reply = { kind: "failure", id, problem };
      tellOutside = () => requests[kind].isWish && this.#host.notify(problem, "problem");
    }
    const isHere = page === this.#page && !this.#disposed;
    if (isHere) {
      this.#host.post(reply);
    } else {
      late();
    }
    if (!isHere || !this.#isSeen) {
      tellOutside();
    }
  }

  /** What an answer has to say to a user who does not see the page that asked. */
  readonly #said: { readonly [K in Kind]?: (answer: AnswerOf<K>) => void } = {
    command: ({ said }) => said !== undefined && this.#host.notify({ message: said }, "news"),
    generate: ({ said }) => said !== undefined && this.#host.notify({ message: said }, "news"),
  };

  /** What to do with an answer that the user is waiting for when the page that asked is gone. */
  readonly #late: { readonly [K in Kind]?: (answer: AnswerOf<K>, fields: FieldsOf<K>) => void } = {
    pick: ({ path }, { side }) => path !== undefined && this.patchDraft({ [side]: path }),
  };

  #ready(): PanelState {
    const jobs = this.#views.all();
    const settings = this.#settings();
    const state = {
      settings,
      jobs,
      kept: this.#deps.kept.get(),
      patches: this.#pendingPatches,
      shown: this.#pendingShown,
    };
    // Only here: a failure above must not lose what is pending.
    this.#pendingPatches = [];
    this.#pendingShown = undefined;
    this.#pageIsThere = true;
    return state;
  }

  async #command({ command, setting }: FieldsOf<"command">): Promise<AnswerOf<"command">> {
    if (!this.#offered.has(offerOf(command, setting))) {
      throw new Error(`The page asked for the command ${command}, which was not offered to it.`);
    }
    return { said: await this.#host.runCommand(command, setting) };
  }

  /** The settings, with a default in place of each invalid one, and the first problem in words. */
  #settings(): PanelSettings {
    const wrong: ShownProblem[] = [];
    const orElse = <T>(read: () => T, fallback: T): T => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        wrong.push(this.#inWords(error.problem));
        return fallback;
      }
    };
    return {
      defaults: orElse(() => this.#deps.defaults.get(), {}),
      hosting: orElse<PanelSettings["hosting"]>(() => this.#deps.hosting(), "auto"),
      trouble: wrong[0],
    };
  }

  #tell(event: HostEvent): void {
    if (this.#pageIsThere && !this.#disposed) {
      this.#host.post(event);
    }
  }

  #tellJobs(): void {
    // A page that is not there gets all jobs once it is.
    const changes = this.#pageIsThere ? this.#views.changes() : undefined;
    if (changes !== undefined) {
      this.#tell({ kind: "jobs", ...changes });
    }
  }

  /** Why a request was refused, in words. An unexpected error goes to the log, and the page learns no details of it. */
  #shownProblemOf(error: unknown): ShownProblem {
    if (error instanceof RequestError) {
      return error.problem;
    }
    if (error instanceof ProblemError) {
      return this.#inWords(error.problem);
    }
    this.#deps.report(error);
    return { message: unexpectedText() };
  }

  #inWords(problem: Problem): ShownProblem {
    const shown = this.#deps.problemText(problem);
    for (const action of shown.actions ?? []) {
      this.#offered.add(offerOf(action.command, action.setting));
    }
    return problem.code === "imageChanged" ? { ...shown, outdated: true } : shown;
  }
}

/** A command and the setting that it opens, as one string. */
function offerOf(command: string, setting: string | undefined): string {
  return setting === undefined ? command : `${command} ${setting}`;
}
