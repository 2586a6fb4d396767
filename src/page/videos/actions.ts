import type { JobView } from "../../shared/messages/panel.ts";
import type { Seen } from "../../shared/model/draft.ts";
import { sides } from "../../shared/model/side.ts";
import { fill } from "../kit/texts.ts";
import { withFirstFrame } from "../state/framing.ts";
import { imageOf, type State, withAnnouncement, withJobNote, withJobProblem, withProblem } from "../state/state.ts";
import type { Work } from "../state/work.ts";
import type { ReviewIntent } from "./intents.ts";

/** Does what looking at finished videos asks of the page. */
export class ReviewPart {
  readonly #page: Work;

  constructor(page: Work) {
    this.#page = page;
  }

  /** Makes another take of a job. Tells whether there is one now. */
  async again(jobId: string): Promise<boolean> {
    let isMade = false;
    await this.#guarded(jobId, async () => {
      isMade = (await this.#page.host.again(jobId)) !== undefined;
      if (isMade) {
        this.#page.change((state) => withJobNote(state, jobId, state.texts.strings.againStarted));
      }
    });
    return isMade;
  }

  async do(intent: Exclude<ReviewIntent, { kind: "again" }>): Promise<void> {
    const { host } = this.#page;
    switch (intent.kind) {
      case "compareTakes":
        return this.#page.change((state) => ({ ...state, compared: intent.jobIds }));
      case "measured":
        return this.#guarded(intent.jobId, () => host.measured(intent.jobId, intent.measures));
      case "saveFrame":
        return this.#guarded(intent.jobId, () => this.#saveFrame(intent));
      case "reuse":
        return this.#guarded(intent.jobId, async () => {
          const mayFocus = this.#page.attend();
          const seen = await host.reuse(intent.jobId);
          this.#page.change((state) => {
            const name = state.jobs.find((job) => job.id === intent.jobId)?.name ?? "";
            return withAnnouncement(state, fill(state.texts.strings.changeReady, name));
          });
          if (mayFocus()) {
            await this.#page.focus("prompt");
          }
          await this.#compare(seen);
        });
    }
  }

  /** Says of a picture that is not what it was when a video was made of it. */
  async #compare(seen: Seen): Promise<void> {
    const isNewest = this.#page.turn(...sides);
    await this.#page.pictures.settle();
    for (const side of isNewest() ? sides : []) {
      this.#page.change((state) => {
        const image = imageOf(state, side);
        return image?.state === "shown" && seen[side] !== undefined && image.sha256 !== seen[side]
          ? withProblem(state, { field: side, message: fill(state.texts.strings.changedSince, image.name) })
          : state;
      });
    }
  }

  async #saveFrame({ jobId, frame, png, next }: ReviewIntent & { kind: "saveFrame" }): Promise<void> {
    const isNewest = next ? this.#page.turn("start") : () => false;
    const { path, shown } = await this.#page.host.saveFrame(jobId, frame, png);
    const isUsed = isNewest();
    if (isUsed) {
      this.#page.changeDraft((draft) => withFirstFrame(draft, path));
    }
    this.#page.change((state) => {
      const { frameUsed, frameSaved } = state.texts.strings;
      return withJobNote(state, jobId, fill(isUsed ? frameUsed : frameSaved, frame, shown));
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
