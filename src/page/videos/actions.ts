import * as l10n from "@vscode/l10n";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { FieldsOf } from "../../shared/messages/registry.ts";
import { again, reuse, saveFrame } from "../../shared/messages/videos.ts";
import type { Seen } from "../../shared/model/draft.ts";
import { sides } from "../../shared/model/side.ts";
import { isolated } from "../../shared/texts.ts";
import type { IntentHandlers } from "../kit/intents.ts";
import { withFirstFrame } from "../state/framing.ts";
import type { Page } from "../state/page.ts";
import { imageOf, type State, withAnnouncement, withJobNote, withProblem } from "../state/state.ts";

interface VideoIntents {
  /** If `next` is true, the picture becomes the draft's start image. */
  readonly saveFrame: FieldsOf<"saveFrame"> & { readonly next: boolean };
  readonly again: FieldsOf<"again">;
  readonly reuse: FieldsOf<"reuse">;
  /** Shows two takes side by side. Undefined ends the comparison. */
  readonly compareTakes: { readonly jobIds: readonly [string, string] | undefined };
}

declare module "../kit/intents.ts" {
  interface Intents extends VideoIntents {}
}

/** Handles the intents of the jobs and their videos. */
export class VideoActions {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  readonly handlers: IntentHandlers<VideoIntents> = {
    again: ({ jobId }) => this.#page.once(`again ${jobId}`, () => this.#again(jobId)),
    compareTakes: ({ jobIds }) => this.#page.change((state) => ({ ...state, compared: jobIds })),
    saveFrame: (intent) => this.#page.guarded(() => this.#saveFrame(intent), intent),
    reuse: ({ jobId }) => this.#page.guarded(() => this.#reuse(jobId), { jobId }),
  };

  /**
   * Makes another take of a job.
   * @returns whether it was created
   */
  async #again(jobId: string): Promise<boolean> {
    let isMade = false;
    await this.#page.guarded(
      async () => {
        isMade = (await this.#page.ask(again, { jobId })).jobId !== undefined;
        if (isMade) {
          this.#page.change((state) =>
            withJobNote(state, jobId, l10n.t("Started a new take with the same settings and a new seed.")),
          );
        }
      },
      { jobId },
    );
    return isMade;
  }

  async #reuse(jobId: string): Promise<void> {
    const mayFocus = this.#page.attend();
    const { seen } = await this.#page.ask(reuse, { jobId });
    this.#page.change((state) => {
      const name = state.jobs.find((job) => job.id === jobId)?.name ?? "";
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
  }

  /** Warns about each picture that has changed since a video was made from it. */
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

  async #saveFrame({ jobId, frame, bytes, next }: VideoIntents["saveFrame"]): Promise<void> {
    const isNewest = next ? this.#page.turn("start") : () => false;
    const { path, shown } = await this.#page.ask(saveFrame, { jobId, frame, bytes });
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
}

/** The other saved videos of the same pair. */
export function takesOf(jobs: readonly JobView[], job: JobView): JobView[] {
  const { pair } = job;
  return pair === undefined || job.state !== "saved"
    ? []
    : jobs.filter((other) => other.id !== job.id && other.state === "saved" && other.pair === pair);
}

/** The two takes being compared, while both are in the list. */
export function comparedTakes({ compared, jobs }: State): readonly [JobView, JobView] | undefined {
  const [one, other] = (compared ?? []).map((id) => jobs.find((job) => job.id === id));
  return one === undefined || other === undefined ? undefined : [one, other];
}
