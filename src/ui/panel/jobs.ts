import { agedFrom, elapsedSince, isFinished, isOpened, nameOf, waitsForUser, wasNeverSent } from "../../jobs/facts.ts";
import { costOf, type Job } from "../../jobs/job.ts";
import { tellingFolders } from "../../jobs/namesakes.ts";
import { pairOf, takeNumbers } from "../../jobs/takes.ts";
import { stateTable } from "../../shared/jobs/states.ts";
import type { JobView, jobRequests } from "../../shared/messages/jobs.ts";
import type { EventOf, Handlers } from "../../shared/messages/registry.ts";
import type { Measures } from "../../shared/messages/videos.ts";
import { checkParameters } from "../../shared/model/draft.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { JobText } from "../words/job.ts";
import { signOf } from "../words/sign.ts";
import type { Desk } from "./desk.ts";
import { Thumbnails } from "./thumbnails.ts";
import { jobOf } from "./videos.ts";

/** Handles the page's requests about a job. */
export function jobHandlers({ deps }: Desk): Pick<Handlers, keyof typeof jobRequests> {
  const thumbnails = new Thumbnails(deps);
  return {
    async act({ jobId, action }) {
      await deps.act(jobId, action);
      return {};
    },

    thumbnails: ({ jobId }) => thumbnails.of(jobOf(deps, jobId)),
  };
}

/** A view, and what it was made from. */
interface Made {
  readonly job: Job;
  readonly take: number | undefined;
  readonly folder: string | undefined;
  readonly measures: Measures | undefined;
  readonly isPicked: boolean | undefined;
  readonly view: JobView;
}

/** What the page receives about the jobs. There can be thousands, so a view is made again only if it may have changed. */
export class JobViews {
  readonly #desk: Desk;
  #made: ReadonlyMap<string, Made> = new Map();
  #areOutdated = false;
  /** The views that the page has, by the job's id. */
  #told = new Map<string, JobView>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** All views, newest first. From then on the page has them. */
  all(): JobView[] {
    const views = this.#views();
    this.#told = new Map(views.map((view) => [view.id, view]));
    return views;
  }

  /** What differs from what the page has; undefined if nothing does. From then on the page has it. */
  changes(): Omit<EventOf<"jobs">, "kind"> | undefined {
    const changed = this.#views().filter((view) => this.#told.get(view.id) !== view);
    const removed = [...this.#told.keys()].filter((id) => !this.#made.has(id));
    for (const view of changed) {
      this.#told.set(view.id, view);
    }
    for (const id of removed) {
      this.#told.delete(id);
    }
    return changed.length + removed.length === 0 ? undefined : { changed, removed };
  }

  /** Something that any view may depend on has changed. */
  outdate(): void {
    this.#areOutdated = true;
  }

  #views(): JobView[] {
    const jobs = this.#desk.deps.jobs.list();
    const takes = takeNumbers(jobs);
    const folders = tellingFolders(jobs, (folder) => this.#desk.host.relativePath(folder));
    this.#made = new Map(jobs.map((job) => [job.id, this.#make(job, takes.get(job.id), folders.get(job.id))]));
    this.#areOutdated = false;
    return [...this.#made.values()].map(({ view }) => view);
  }

  /** A view that says the same as before stays the same object. */
  #make(job: Job, take: number | undefined, folder: string | undefined): Made {
    const before = this.#made.get(job.id);
    const measures = this.#desk.measures.get(job.id);
    const isPicked = isPickedIn(this.#desk, job);
    const isSame = before?.job === job && before.take === take && before.folder === folder;
    const isSameTake = before?.measures === measures && before?.isPicked === isPicked;
    if (before !== undefined && isSame && isSameTake && !this.#areOutdated && !dependsOnOthers(job)) {
      return before;
    }
    const view = jobView(this.#desk, job, take, folder, isPicked);
    const saysSame = before !== undefined && JSON.stringify(view) === JSON.stringify(before.view);
    return { job, take, folder, measures, isPicked, view: saysSame ? before.view : view };
  }
}

/** The words for a request under way depend on the time, and on how long other videos took. */
function dependsOnOthers({ progress }: Job): boolean {
  const { kind, unsent } = stateTable[progress.state];
  return kind === "active" && !unsent;
}

/** Whether a video is the one that counts in its recipe; undefined unless it was rendered from one that is still known. */
function isPickedIn({ deps }: Desk, { order, progress }: Job): boolean | undefined {
  const picked = order.recipe === undefined ? undefined : deps.recipes.pickedIn(order.recipe);
  return progress.state === "saved" && picked !== undefined ? picked.requestId === progress.requestId : undefined;
}

function jobView(
  desk: Desk,
  job: Job,
  take: number | undefined,
  folder: string | undefined,
  isPicked: boolean | undefined,
): JobView {
  const text = described(desk, job);
  const { progress } = job;
  return {
    id: job.id,
    at: job.createdAt,
    agedFrom: agedFrom(job),
    name: nameOf(job),
    folder,
    state: progress.state,
    sign: signOf(job, text),
    sentence: text.state,
    detail: text.detail,
    isFinished: isFinished(progress) && !isOpened(job),
    isUnsent: wasNeverSent(job),
    needsUser: waitsForUser(progress),
    actions: text.actions.filter(({ id }) => id !== "useTake" || isPicked === false),
    prompt: job.order.prompt,
    parameters: job.order.parameters && checkParameters(job.order.parameters),
    since: elapsedSince(job),
    video: progress.state === "saved" ? desk.host.relativePath(progress.video) : undefined,
    cost: desk.deps.costText(job),
    usd: costOf(progress),
    pair: pairOf(job),
    take,
    isPicked,
    measures: desk.measures.get(job.id),
  };
}

/** A job in words. Its actions may depend on a setting, and an invalid one must not hide the job. */
function described({ deps, inWords }: Desk, job: Job): JobText {
  try {
    return deps.describe(job);
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    return { state: inWords(error.problem).message, actions: [] };
  }
}
