import type { RecipeEntry } from "../recipes/recipeEntry.ts";
import type { Draft, ImageSource } from "../shared/model/draft.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { MakeVideo, VideoDeps } from "./generate.ts";
import type { Job } from "./job.ts";
import { newestOf } from "./rendered.ts";

/** What rendering recipes requires. */
export interface RenderDeps {
  /** A recipe (absolute path) with its images, read anew. */
  fresh(path: string): Promise<RecipeEntry>;
  readonly makeVideo: MakeVideo;
  /** All jobs, newest first. */
  jobs(): readonly Job[];
}

export interface RenderOptions {
  /** So many more takes, each with a seed of its own, also where the recipe is up to date. */
  readonly takes?: number | undefined;
  /** Asks for the payment in place of the dialog about one video. */
  readonly askPayment?: VideoDeps["askPayment"] | undefined;
  /** Ends the takes that are not made yet. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Renders a recipe. One that is being rendered gives the job that does it: nothing is paid twice.
 * @returns the ids of its jobs; fewer than takes if the user declined the price
 * @throws {ProblemError} `recipeBroken`; `recipeUpToDate` where no takes were asked for; what making a video throws. The jobs that
 * were made until then go on.
 */
export async function renderRecipe(deps: RenderDeps, path: string, options: RenderOptions = {}): Promise<string[]> {
  // Before the recipe is read: what happens meanwhile, the engine notices.
  let last = newestOf(path, deps.jobs())?.id;
  const entry = await deps.fresh(path);
  const { takes, askPayment, signal } = options;
  if (entry.state.state === "rendering" && takes === undefined) {
    return [entry.state.job];
  }
  if (entry.state.state === "upToDate" && entry.state.video === "there" && takes === undefined) {
    throw new ProblemError({ code: "recipeUpToDate", path });
  }
  const ids: string[] = [];
  for (let take = 0; take < (takes ?? 1) && signal?.aborted !== true; take += 1) {
    // The first video of what a recipe says has the seed that it names. Further takes draw their own.
    const keepsSeed = take === 0 && entry.state.state !== "upToDate" && entry.state.state !== "rendering";
    const recipe = { path, last, video: entry.recipe?.video?.file };
    const id = await deps.makeVideo(draftOf(entry, keepsSeed), { recipe, askPayment });
    if (id === undefined) {
      break;
    }
    ids.push(id);
    last = id;
  }
  return ids;
}

/**
 * What a recipe says, as a draft.
 * @throws {ProblemError} `recipeBroken` with the number of its errors.
 */
function draftOf(entry: RecipeEntry, keepsSeed: boolean): Draft {
  const { path, recipe, request, problems } = entry;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const [start, end] = [sourceOf(entry, "start"), sourceOf(entry, "end")];
  if (recipe === undefined || request?.parameters === undefined || errors > 0 || !start || !end) {
    throw new ProblemError({ code: "recipeBroken", path, errors: Math.max(errors, 1) });
  }
  const { seed, ...unseeded } = request.parameters;
  return {
    start,
    end,
    prompt: recipe.prompt ?? "",
    parameters: keepsSeed && seed !== undefined ? { ...unseeded, seed } : unseeded,
    isComplete: true,
    plans: {
      ...(recipe.start.crop && { start: recipe.start.crop }),
      ...(recipe.end.crop && { end: recipe.end.crop }),
    },
    seen: { start: request.start.sha256, end: request.end.sha256 },
  };
}

function sourceOf({ recipe, images }: RecipeEntry, side: Side): ImageSource | undefined {
  const url = recipe?.[side].url;
  if (url !== undefined) {
    return { kind: "url", url };
  }
  const path = images[side];
  return path === undefined ? undefined : { kind: "file", path };
}
