import type { Problem } from "../shared/model/problem.ts";
import type { RecipeFile } from "./file.ts";
import { fingerprintOf, lastRender, type RequestFacts, whatChanged } from "./fingerprint.ts";
import type { Change, RecipeProblem } from "./problems.ts";

/** What is at the place of a picked video: its very bytes, nothing, or something else; `unknown` if nobody has looked. */
export type VideoPresence = "there" | "missing" | "changed" | "unknown";

/** What a recipe is, for views and builds. */
export type RecipeState =
  /** It renders nothing until its errors are gone. */
  | { readonly state: "broken"; readonly problems: readonly RecipeProblem[] }
  /** A job (id) of it is on its way, or waits for the user's decision. */
  | { readonly state: "rendering"; readonly job: string; readonly needsUser: boolean }
  /** The last job of what it says now failed. */
  | { readonly state: "failed"; readonly job: string; readonly problem: Problem }
  | { readonly state: "notRendered" }
  | { readonly state: "stale"; readonly changed: readonly Change[] }
  | { readonly state: "upToDate"; readonly video: VideoPresence };

/** The newest job of a recipe that did not end with a video. */
export type RecipeJob =
  | { readonly kind: "active"; readonly id: string; readonly needsUser: boolean }
  | { readonly kind: "failed"; readonly id: string; readonly problem: Problem; readonly request: RequestFacts };

export interface StateInput {
  /** Missing if it could not be read. */
  readonly recipe: RecipeFile | undefined;
  /** All of them, those of the images too. */
  readonly problems: readonly RecipeProblem[];
  /** What the recipe says now; what is not known yet counts as unchanged. */
  readonly request: RequestFacts | undefined;
  readonly job?: RecipeJob | undefined;
  readonly video: VideoPresence;
  /** What the picked video was rendered with, if the journal knows better than an earlier version's recipe. */
  readonly rendered?: RequestFacts | undefined;
}

/** A recipe's state. A job on its way comes first, then errors, then a failure of what the recipe says now. */
export function stateOf({ recipe, problems, request, job, video, rendered }: StateInput): RecipeState {
  if (job?.kind === "active") {
    return { state: "rendering", job: job.id, needsUser: job.needsUser };
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  if (recipe === undefined || request === undefined || errors.length > 0) {
    return { state: "broken", problems: errors };
  }
  if (job?.kind === "failed" && whatChanged(request, job.request).length === 0) {
    return { state: "failed", job: job.id, problem: job.problem };
  }
  if (recipe.video === undefined && rendered !== undefined && whatChanged(request, rendered).length === 0) {
    // Its video could not be written into it, and has a recipe of its own: a build must not pay for it again.
    return { state: "upToDate", video: "missing" };
  }
  const last = recipe.rendered ?? rendered ?? lastRender(recipe);
  if (recipe.video === undefined || last === undefined) {
    return { state: "notRendered" };
  }
  const changed = whatChanged(request, last);
  return changed.length > 0 ? { state: "stale", changed } : { state: "upToDate", video };
}

/** The fingerprint under which a recipe's next video may have been rendered before: that of what it says, seed included. */
export function wantedFingerprint(request: RequestFacts): string | undefined {
  return request.parameters?.seed === undefined ? undefined : fingerprintOf(request);
}
