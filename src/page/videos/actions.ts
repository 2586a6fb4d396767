import * as l10n from "@vscode/l10n";
import type { JobView, Seen } from "../../shared/messages/panel.ts";
import { sides } from "../../shared/model/side.ts";
import { isolated } from "../../shared/texts.ts";
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
        this.#page.change((state) =>
          withJobNote(state, jobId, l10n.t("Started a new take with the same settings and a new seed.")),
        );
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
            return withAnnouncement(
              state,
              l10n.t({
                message: "The form now has the images, prompt, and settings of {0}.",
                args: [isolated(name)],
                comment: ["{0} is the name of a video"],
              }),
            );
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
          ? withProblem(state, {
              field: side,
              message: l10n.t({
                message: "{0} has changed since this video was made. Check it before you generate.",
                args: [isolated(image.name)],
                comment: ["{0} is a file name"],
              }),
            })
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
    const note = isUsed
      ? l10n.t({
          message: "Frame {0} is saved as {1} and is now the start image.",
          args: [frame, isolated(shown)],
          comment: ["{1} is a path"],
        })
      : l10n.t({ message: "Frame {0} is saved as {1}.", args: [frame, isolated(shown)], comment: ["{1} is a path"] });
    this.#page.change((state) => withJobNote(state, jobId, note));
  }

  /** Does something with a job, and shows in its card why it was not granted. */
  async #guarded(jobId: string, work: () => Promise<void>): Promise<void> {
    this.#page.change((state) => withJobProblem(state, jobId, undefined));
    try {
      await work();
    } catch (error) {
      this.#page.change((state) => withJobProblem(state, jobId, this.#page.problemOf(error)));
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
