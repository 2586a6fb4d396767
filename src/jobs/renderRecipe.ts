import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hashFile } from "../output/moveExclusively.ts";
import { takesOf } from "../recipes/edit.ts";
import type { Render } from "../recipes/file.ts";
import { whatChanged } from "../recipes/fingerprint.ts";
import type { RecipeEntry } from "../recipes/recipeEntry.ts";
import { codeOf } from "../shared/errors.ts";
import type { Draft, ImageSource } from "../shared/model/draft.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { MakeVideo, VideoDeps } from "./generate.ts";
import type { Job } from "./job.ts";
import { newestOf } from "./rendered.ts";

/** What rendering recipes requires. Paths are absolute. */
export interface RenderDeps {
  /** A recipe with its images, read anew. */
  fresh(path: string): Promise<RecipeEntry>;
  /** Lets another of a recipe's takes count, by the name of its video as the recipe has it. */
  useTake(path: string, file: string): Promise<void>;
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

/** What rendering a recipe led to. */
export interface Rendered {
  /** Ids of the jobs; fewer than takes if the user declined the price. */
  readonly jobs: readonly string[];
  /** The take that counts now, because it is what the recipe says: nothing was paid. The name of its video. */
  readonly reused?: string;
  /** Why the takes that are missing were not made. */
  readonly failed?: unknown;
}

/**
 * Renders a recipe. One that is being rendered gives the job that does it, and a take that is what the recipe says now counts
 * again: nothing is paid twice.
 * @throws {ProblemError} `recipeBroken`; `recipeLocked` if its file may not be written, so that it could not take its video;
 * `recipeUpToDate` where no takes were asked for; what making the first video throws.
 */
export async function renderRecipe(deps: RenderDeps, path: string, options: RenderOptions = {}): Promise<Rendered> {
  // Before the recipe is read: what happens meanwhile, the engine notices.
  let last = newestOf(path, deps.jobs())?.id;
  const entry = await deps.fresh(path);
  const { takes, askPayment, signal } = options;
  const { state } = entry;
  if (state.state === "rendering" && takes === undefined) {
    return { jobs: [state.job] };
  }
  if (state.state === "upToDate" && state.video === "there" && takes === undefined) {
    throw new ProblemError({ code: "recipeUpToDate", path });
  }
  await access(path, constants.W_OK).catch((error: unknown) => {
    if (["EACCES", "EPERM", "EROFS"].includes(codeOf(error))) {
      throw new ProblemError({ code: "recipeLocked", path }, { cause: error });
    }
  });
  const fitting = takes === undefined ? await fittingTake(entry) : undefined;
  if (fitting !== undefined) {
    await deps.useTake(path, fitting);
    return { jobs: [], reused: fitting };
  }
  const names = entry.recipe && takesOf(entry.recipe).map(({ video }) => video.file);
  const jobs: string[] = [];
  for (let take = 0; take < (takes ?? 1) && signal?.aborted !== true; take += 1) {
    // The first video of what a recipe says has the seed that it names. Further takes draw their own.
    const isFirst = takes === undefined || (state.state !== "upToDate" && state.state !== "rendering");
    const recipe = { path, last, takes: names };
    try {
      const id = await deps.makeVideo(draftOf(entry, take === 0 && isFirst), { recipe, askPayment });
      if (id === undefined) {
        break;
      }
      jobs.push(id);
      last = id;
    } catch (error) {
      if (jobs.length === 0) {
        throw error;
      }
      return { jobs, failed: error };
    }
  }
  return { jobs };
}

/** The take that is what a recipe says now, if its video is still there, byte for byte. */
async function fittingTake({ path, recipe, request }: RecipeEntry): Promise<string | undefined> {
  const { seed, ...unseeded } = request?.parameters ?? {};
  if (recipe === undefined || request?.start.sha256 === undefined || request.end.sha256 === undefined) {
    return undefined;
  }
  // A seed that the recipe does not name was drawn: another one is as good.
  const parameters = recipe.parameters?.seed === undefined ? unseeded : request.parameters;
  for (const { video, rendered } of recipe.takes ?? []) {
    const isSame =
      rendered !== undefined && isKnown(rendered) && whatChanged({ ...request, parameters }, rendered).length === 0;
    const file = join(dirname(path), basename(video.file));
    if (isSame && (await hashFile(file).catch(() => undefined)) === video.sha256) {
      return video.file;
    }
  }
  return undefined;
}

/** What is not known cannot be the same. */
function isKnown({ start, end, prompt, parameters }: Render): boolean {
  return ![start.sha256, end.sha256, prompt, parameters].includes(undefined);
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
