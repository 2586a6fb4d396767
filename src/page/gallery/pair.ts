import { pairId } from "../../shared/jobs/pairId.ts";
import { imageOf, type State } from "../state/state.ts";

/** The pair of the video on the stage, or else of the form. Undefined while its images are not known. */
export function pairOnStage(state: State): string | undefined {
  const shown = state.jobs.find(({ id }) => id === state.shown);
  if (shown !== undefined) {
    return shown.pair;
  }
  const [start, end] = [imageOf(state, "start"), imageOf(state, "end")];
  return start?.state === "shown" && end?.state === "shown" ? pairId(start.sha256, end.sha256) : undefined;
}
