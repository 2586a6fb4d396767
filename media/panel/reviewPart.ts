import type { Field, JobView, PageDraft, ShownProblem } from "../../src/ui/panel/protocol.ts";
import type { Host } from "./host.ts";
import type { ReviewIntent } from "./reviewIntents.ts";
import { type State, withJobNote, withJobProblem } from "./state.ts";
import { fill } from "./texts.ts";

/** What the review needs of the page. */
export interface ReviewedPage {
  readonly host: Host;
  change(change: (state: State) => State): void;
  changeDraft(change: (draft: PageDraft) => PageDraft): void;
  problemOf(error: unknown, state: State): ShownProblem;
  focus(field: Field): Promise<void>;
}

/** Does what looking at finished videos asks of the page. */
export class ReviewPart {
  readonly #page: ReviewedPage;

  constructor(page: ReviewedPage) {
    this.#page = page;
  }

  async do(intent: ReviewIntent): Promise<void> {
    const { host } = this.#page;
    switch (intent.kind) {
      case "compareTakes":
        return this.#page.change((state) => ({ ...state, compared: intent.jobIds }));
      case "measured":
        return this.#guarded(intent.jobId, () => host.measured(intent.jobId, intent.measures));
      case "saveFrame":
        return this.#guarded(intent.jobId, () => this.#saveFrame(intent));
      case "again":
        return this.#guarded(intent.jobId, async () => {
          if ((await host.again(intent.jobId)) !== undefined) {
            this.#page.change((state) => withJobNote(state, intent.jobId, state.texts.strings.againStarted));
          }
        });
      case "reuse":
        return this.#guarded(intent.jobId, async () => {
          await host.reuse(intent.jobId);
          this.#page.change((state) => {
            const name = state.jobs.find((job) => job.id === intent.jobId)?.name ?? "";
            return { ...state, announcement: fill(state.texts.strings.changeReady, name) };
          });
          await this.#page.focus("prompt");
        });
    }
  }

  async #saveFrame({ jobId, frame, png, next }: ReviewIntent & { kind: "saveFrame" }): Promise<void> {
    const { path, shown } = await this.#page.host.saveFrame(jobId, frame, png);
    if (next) {
      this.#page.changeDraft((draft) => ({ ...draft, start: path }));
    }
    this.#page.change((state) => {
      const { frameUsed, frameSaved } = state.texts.strings;
      return withJobNote(state, jobId, fill(next ? frameUsed : frameSaved, frame, shown));
    });
  }

  /** Does something with a job, and shows in its card why it was not granted. */
  async #guarded(jobId: string, work: () => Promise<void>): Promise<void> {
    this.#page.change((state) => withJobProblem(state, jobId, undefined));
    try {
      await work();
    } catch (error) {
      this.#page.change((state) => withJobProblem(state, jobId, this.#page.problemOf(error, state)));
    }
  }
}

/** The other saved videos of the same pair. */
export function takesOf(jobs: readonly JobView[], job: JobView): JobView[] {
  const { pair } = job.review;
  return pair === undefined || job.state !== "saved"
    ? []
    : jobs.filter((other) => other.id !== job.id && other.state === "saved" && other.review.pair === pair);
}

/** The two takes that are looked at side by side, while both are there. */
export function comparedTakes({ compared, jobs }: State): readonly [JobView, JobView] | undefined {
  const [one, other] = (compared ?? []).map((id) => jobs.find((job) => job.id === id));
  return one === undefined || other === undefined ? undefined : [one, other];
}
