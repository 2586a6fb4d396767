import type { Target } from "../output/target.ts";
import type { Payment } from "../shared/model/budget.ts";
import type { Draft, ImageSource } from "../shared/model/draft.ts";
import { effectiveParameters, sizeIsFitted } from "../shared/model/effective.ts";
import { type HostingChoice, hostingKindOf } from "../shared/model/hosting.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import type { Size } from "../shared/model/size.ts";
import type { Submission } from "./order.ts";
import type { RenderedRecipe } from "./rendered.ts";

/** What making a video from a draft requires. */
export interface VideoDeps {
  /** The user's settings. Each throws a ProblemError if it is invalid. */
  readonly settings: {
    defaults(): Parameters;
    imageHosting(): HostingChoice;
    /** Origin of the service. */
    service(): string;
  };
  /**
   * @param start absolute path of the start image, if it is a file
   * @param folder absolute path of a folder chosen for this video only
   */
  target(start: string | undefined, folder: string | undefined): Target;
  /** Where the videos of a recipe (absolute path) go; `video` is the file name of the one that it has. */
  recipeTarget(recipe: string, video: string | undefined): Target;
  /** The size of an image file in pixels, with its orientation applied. Rejects if it cannot be read. */
  imageSize(path: string): Promise<Size>;
  /** Returns the terms of payment for a video; undefined if the user declined when asked. */
  askPayment(parameters: Parameters): Promise<Payment | undefined>;
  submit(submission: Submission): Promise<string>;
}

/** What a caller decides about a video besides its draft. */
export interface VideoOptions {
  /** Absolute folder; if missing, the settings decide where the video goes. */
  readonly folder?: string | undefined;
  /** The recipe that it renders. Its video goes beside it. */
  readonly recipe?: RenderedRecipe | undefined;
  /** True if a video is wanted also where one of the very same request, seed included, is there already. */
  readonly anyway?: true | undefined;
  /** Asks for the payment in place of the dialog about one video. */
  readonly askPayment?: VideoDeps["askPayment"] | undefined;
}

/**
 * Makes a job from a draft.
 * @returns the job's id; undefined if the user declined the price
 * @throws {ProblemError} if no job was made
 */
export type MakeVideo = (draft: Draft, options?: VideoOptions) => Promise<string | undefined>;

/** The only way from a draft to a job, for the panel, commands and other extensions. */
export function videoMaker({ settings, target, recipeTarget, imageSize, askPayment, submit }: VideoDeps): MakeVideo {
  const sizesOf = async (sources: readonly ImageSource[]): Promise<Size[]> => {
    const files = sources.filter((source) => source.kind === "file");
    // Making the job reports what is wrong with an image.
    const sizes = await Promise.all(files.map(({ path }) => imageSize(path).catch(() => undefined)));
    return sizes.filter((size) => size !== undefined);
  };
  return async ({ isComplete, ...draft }, { folder, recipe, anyway, askPayment: ask = askPayment } = {}) => {
    const { start, end } = draft;
    const set = settings.defaults();
    const defaults = isComplete === true ? {} : set;
    const images = sizeIsFitted(draft.parameters, defaults) ? await sizesOf([start, end]) : [];
    try {
      return await submit({
        ...draft,
        parameters: effectiveParameters(draft.parameters, defaults, images),
        hosting: hostingKindOf(draft.hosting ?? settings.imageHosting()),
        service: settings.service(),
        ...(recipe === undefined
          ? target(start.kind === "file" ? start.path : undefined, folder)
          : { ...recipeTarget(recipe.path, recipe.takes?.[0]), recipe }),
        ...(anyway && { anyway }),
        payment: async (parameters) => {
          const payment = await ask(parameters);
          if (payment === undefined) {
            throw new Declined();
          }
          return payment;
        },
      });
    } catch (error) {
      if (error instanceof Declined) {
        return undefined;
      }
      throw error;
    }
  };
}

/** The user declined the price. */
class Declined extends Error {}
