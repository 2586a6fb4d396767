import { hashFile } from "../output/moveExclusively.ts";
import { readRecipeText, renderedImage } from "../output/recipe.ts";
import { editableRecipe, takesOf } from "../recipes/edit.ts";
import { fingerprintOf, type RequestFacts } from "../recipes/fingerprint.ts";
import { modelId } from "../shared/model/modelId.ts";
import type { FrozenDraft, Job } from "./job.ts";

/** A recipe as the caller sees it. */
export interface RenderedRecipe {
  /** Absolute. */
  readonly path: string;
  /** Id of its newest job, if it has one. If there is a newer one, somebody else renders the recipe: nothing is made. */
  readonly last: string | undefined;
  /** The file names of its takes, the one that counts first. The next one gets none of them, also where a file is gone. */
  readonly takes?: readonly string[] | undefined;
}

/** The newest job that renders a recipe (absolute path). */
export function newestOf(recipe: string, jobs: readonly Job[]): Job | undefined {
  // The list has the newest first.
  return jobs.find(({ order }) => order.recipe === recipe);
}

/** What making a job's video again needs besides its draft: a recipe that it renders stays the recipe of the next one. */
export function again({ order: { recipe } }: Job, jobs: readonly Job[]): { readonly recipe?: RenderedRecipe } {
  return recipe === undefined ? {} : { recipe: { path: recipe, last: newestOf(recipe, jobs)?.id } };
}

/** What a video is made with. */
type Made = Pick<FrozenDraft, "start" | "end" | "prompt" | "parameters">;

/** What a job's video is made with, as recipes compare it. */
export function requestOf({ start, end, prompt, parameters }: Made): RequestFacts {
  return { model: modelId, start: renderedImage(start), end: renderedImage(end), prompt, parameters };
}

/**
 * A saved video that was made with the very same request, seed included, if it is still there as it was saved.
 * @returns its job; undefined if there is none, or if an image is at an address.
 */
export async function findRendered(
  order: Made & Pick<FrozenDraft, "service">,
  jobs: readonly Job[],
): Promise<Job | undefined> {
  const wanted = fingerprintOf(requestOf(order));
  // What is at an address may have changed.
  if (wanted === undefined || order.start.kind !== "file" || order.end.kind !== "file") {
    return undefined;
  }
  for (const job of jobs) {
    const { parameters, service } = job.order;
    // Comparing seeds first spares nearly all of the work.
    const isAlike = parameters?.seed === order.parameters?.seed && service === order.service;
    if (isAlike && fingerprintOf(requestOf(job.order)) === wanted && (await isWhole(job))) {
      return job;
    }
  }
  return undefined;
}

/** True if a job's video is the one that its recipe tells of. */
async function isWhole({ progress }: Job): Promise<boolean> {
  if (progress.state !== "saved") {
    return false;
  }
  const { requestId, video, recipe } = progress;
  const text = await readRecipeText(recipe);
  const known = text === undefined ? undefined : editableRecipe(text);
  const take = known && takesOf(known).find((each) => each.requestId === requestId);
  return take !== undefined && (await hashFile(video).catch(() => undefined)) === take.video.sha256;
}
