import { readFile } from "node:fs/promises";
import type { FrozenImage } from "../jobs/job.ts";
import { ProblemError } from "../model/problem.ts";

/**
 * Turns an image of a job into what the service gets. The strategies: an address goes as it is; a conformed copy goes as
 * a data URI (field notes, section 2: evidence for and against, so a refusal must be told plainly).
 */
export interface Hosting {
  /**
   * @param copy absolute path of the conformed copy, where the image has one.
   * @throws {ProblemError} `imageLost` when the copy cannot be read.
   */
  host(image: FrozenImage, copy: string | undefined): Promise<string>;
}

/** Https addresses as they are, files as PNG data URIs. */
export const inlineHosting: Hosting = {
  async host(image, copy) {
    if (image.kind === "url") {
      return image.url;
    }
    try {
      const bytes = copy === undefined ? undefined : await readFile(copy);
      if (bytes !== undefined && bytes.byteLength > 0) {
        return `data:image/png;base64,${bytes.toString("base64")}`;
      }
    } catch (error) {
      throw new ProblemError({ code: "imageLost" }, { cause: error });
    }
    throw new ProblemError({ code: "imageLost" });
  },
};
