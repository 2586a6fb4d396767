import * as l10n from "@vscode/l10n";
import type { Look } from "../../shared/messages/form.ts";
import type { FieldsOf } from "../../shared/messages/registry.ts";
import { again, reuse, saveFrame } from "../../shared/messages/videos.ts";
import type { Seen } from "../../shared/model/draft.ts";
import { sides } from "../../shared/model/side.ts";
import { isolated } from "../../shared/texts.ts";
import type { IntentHandlers } from "../kit/intents.ts";
import { withFirstFrame } from "../state/framing.ts";
import type { Page } from "../state/page.ts";
import { withCompared, withoutStart, withStart, withStarted } from "../state/stage.ts";
import {
  compose,
  imageOf,
  type State,
  withAnnouncement,
  withGoodNews,
  withJobNote,
  withProblem,
  withShown,
} from "../state/state.ts";

interface VideoIntents {
  /** If `next` is true, the picture becomes the draft's start image. */
  readonly saveFrame: FieldsOf<"saveFrame"> & { readonly next: boolean };
  /** The user looks at this frame of the video on the stage, with this image over it. */
  readonly look: { readonly look: Look };
  readonly again: FieldsOf<"again">;
  readonly reuse: FieldsOf<"reuse">;
  /** Shows takes side by side. Undefined ends the comparison. */
  readonly compareTakes: { readonly jobIds: readonly string[] | undefined };
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
    again: ({ jobId }) => this.#page.once(`again ${jobId}`, () => this.#again(jobId), "stage"),
    look: ({ look }) => this.#page.change((state) => ({ ...state, look })),
    compareTakes: ({ jobIds }) => this.#page.change((state) => withCompared(state, jobIds)),
    saveFrame: (intent) => this.#page.guarded(() => this.#saveFrame(intent), intent),
    reuse: ({ jobId }) => this.#page.guarded(() => this.#reuse(jobId), { jobId }),
  };

  /**
   * Makes another take of a job.
   * @returns whether it was created
   */
  async #again(jobId: string): Promise<boolean> {
    let made: string | undefined;
    this.#page.change((state) => withStart(state, jobId));
    const starting = this.#page.state()?.starting;
    await this.#page.guarded(
      async () => {
        made = (await this.#page.ask(again, { jobId })).jobId;
      },
      { jobId },
    );
    this.#page.change((state) =>
      made === undefined
        ? withoutStart(state, starting)
        : withAnnouncement(
            withStarted(state, starting, made),
            l10n.t("Started a new take with the same settings and a new seed."),
          ),
    );
    return made !== undefined;
  }

  async #reuse(jobId: string): Promise<void> {
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
    if (!isUsed) {
      const note = l10n.t({
        message: "Frame {0} is saved as {1}.",
        args: [frame, isolated(shown)],
        comment: ["{1} is a path"],
      });
      this.#page.change((state) => withJobNote(state, jobId, note));
      return;
    }
    const note = l10n.t({
      message: "Frame {0} is saved as {1} and is now the start image.",
      args: [frame, isolated(shown)],
      comment: ["{1} is a path"],
    });
    this.#page.changeDraft((draft) => withFirstFrame(draft, path));
    this.#page.change((state) => {
      const told = `${note}${endThatStays(state)}`;
      return withAnnouncement(withGoodNews(withShown(state, compose), told), told);
    });
  }
}

/** Points out the end image, which stays when another start image takes the place of the one it belonged to. */
function endThatStays(state: State): string {
  const end = imageOf(state, "end");
  return end?.state === "shown"
    ? ` ${l10n.t({
        message: "The end image is still {0}: replace it unless the video should end there again.",
        args: [isolated(end.name)],
        comment: ["{0} is a file name"],
      })}`
    : "";
}
