import { basename } from "node:path";
import * as vscode from "vscode";
import type { MakeVideo } from "../jobs/generate.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { choose } from "./tell.ts";

/**
 * Makes videos for a user: where the very same one is there already, it is offered before another is paid for.
 * @param show shows the video of a job (id)
 */
export function offeringRendered(makeVideo: MakeVideo, show: (job: string) => void): MakeVideo {
  return async (draft, options) => {
    try {
      return await makeVideo(draft, options);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== "alreadyRendered") {
        throw error;
      }
      const { video, job } = error.problem;
      const [open, anyway] = [vscode.l10n.t("Open Video"), vscode.l10n.t("Render Anyway")];
      const chosen = await choose(
        vscode.l10n.t("{0} was made of exactly this.", basename(video)),
        [vscode.l10n.t("Images, prompt, parameters and seed are the same. The same video would be paid for again.")],
        [open, anyway],
      );
      if (chosen === open) {
        show(job);
      }
      return chosen === anyway ? await makeVideo(draft, { ...options, anyway: true }) : undefined;
    }
  };
}
