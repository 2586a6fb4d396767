import type { Target } from "../output/target.ts";
import type { Payment } from "../shared/model/budget.ts";
import type { Draft, ImageSource } from "../shared/model/draft.ts";
import { effectiveParameters, sizeIsFitted } from "../shared/model/effective.ts";
import { type HostingChoice, hostingKindOf } from "../shared/model/hosting.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import type { Size } from "../shared/model/size.ts";
import type { Submission } from "./order.ts";

/** What it takes to make a video of a draft. */
export interface VideoDeps {
  /** The user's settings; each throws a ProblemError where it is not valid. */
  readonly settings: {
    defaults(): Parameters;
    imageHosting(): HostingChoice;
    /** Origin of the service. */
    service(): string;
  };
  /**
   * @param start absolute path of the start image, where it is a file
   * @param folder absolute path of a folder that was chosen for this video alone
   */
  target(start: string | undefined, folder: string | undefined): Target;
  /** The size in pixels of an image file, turned upright. Rejects where it cannot be read. */
  imageSize(path: string): Promise<Size>;
  /** Gives what a video is to be paid with; undefined where the user was asked and decided against it. */
  askPayment(parameters: Parameters): Promise<Payment | undefined>;
  submit(submission: Submission): Promise<string>;
}

/**
 * Makes a job of a draft.
 * @param folder absolute; without it, the video goes where the settings say
 * @returns the job's id; undefined where the user was asked about the price and decided against it
 * @throws {ProblemError} where nothing was made
 */
export type MakeVideo = (draft: Draft, folder?: string) => Promise<string | undefined>;

/** The one way from a draft to a job, for the panel, commands and other extensions. */
export function videoMaker({ settings, target, imageSize, askPayment, submit }: VideoDeps): MakeVideo {
  const sizesOf = async (sources: readonly ImageSource[]): Promise<Size[]> => {
    const files = sources.filter((source) => source.kind === "file");
    // What is wrong with an image is said when the job is made of it.
    const sizes = await Promise.all(files.map(({ path }) => imageSize(path).catch(() => undefined)));
    return sizes.filter((size) => size !== undefined);
  };
  return async (draft, folder) => {
    const { start, end } = draft;
    const defaults = settings.defaults();
    const images = sizeIsFitted(draft.parameters, defaults) ? await sizesOf([start, end]) : [];
    try {
      return await submit({
        ...draft,
        parameters: effectiveParameters(draft.parameters, defaults, images),
        hosting: hostingKindOf(draft.hosting ?? settings.imageHosting()),
        service: settings.service(),
        ...target(start.kind === "file" ? start.path : undefined, folder),
        payment: async (parameters) => {
          const payment = await askPayment(parameters);
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

/** The user was asked about the price and decided against the video. */
class Declined extends Error {}
