import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { folderProblem, writeDurably } from "../files/durable.ts";
import type { Fetch } from "../net/fetch.ts";
import { editableRecipe, type RenderedTake, withTake } from "../recipes/edit.ts";
import type { RecipeFile, Render } from "../recipes/file.ts";
import { lastRender, whatChanged } from "../recipes/fingerprint.ts";
import { codeOf } from "../shared/errors.ts";
import { modelId } from "../shared/model/modelId.ts";
import type { FrozenParameters } from "../shared/model/parameters.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { type Recipe, recipeSchema } from "../shared/model/recipe.ts";
import type { SaveCheckpoint } from "./checkpoint.ts";
import { download } from "./download.ts";
import { firstFree } from "./firstFree.ts";
import { exists, hashFile, identityOf, moveExclusively, removeClaim } from "./moveExclusively.ts";
import { nthName } from "./naming.ts";
import {
  type Alone,
  changeRecipe,
  readRecipeText,
  recipeImage,
  recipePathOf,
  recipeText,
  renderedImage,
  type SourceImage,
} from "./recipe.ts";
import type { Trust } from "./trust.ts";
import type { VerifyVideo } from "./verifier.ts";
import type { VideoFacts } from "./verify.ts";
import { appendBox, cutBack, recipeInVideo, xmpBox } from "./xmp.ts";

/** The file that a verified video is about to get, or has got. */
export interface Destination {
  /** Absolute path. */
  readonly video: string;
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
  /** Tells the file from another one of the same name and content (`identityOf`). */
  readonly file: string;
}

/** What a save needs to know about a job. */
export interface SaveInput {
  /** Part of the names of its temporary files. */
  readonly id: string;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly order: {
    /** Absolute folder the video goes to. */
    readonly folder: string;
    /** The folder above it, or that folder itself, below which folders may be made. */
    readonly root: string;
    /** Absolute folder of the project. */
    readonly workspace?: string | undefined;
    /** File name of the video without extension. */
    readonly name: string;
    /** What stands around the take's number in the name, if it has one. */
    readonly aroundTake?: readonly string[] | undefined;
    readonly start: SourceImage;
    readonly end: SourceImage;
    /** Empty if it isn't known. */
    readonly prompt: string;
    /** Missing if they aren't known. */
    readonly parameters?: FrozenParameters | undefined;
    /** Absolute path of the recipe that it renders. */
    readonly recipe?: string | undefined;
  };
  /** What an earlier try has committed; early versions kept no identity of the file. */
  readonly destination?: (Omit<Destination, "file"> & { readonly file?: string | undefined }) | undefined;
}

export interface SaveOptions {
  readonly job: SaveInput;
  readonly requestId: string;
  /** Called only if the video is not in place yet. */
  readonly url: () => Promise<string>;
  readonly trust: Trust;
  readonly fetch: Fetch;
  readonly verify: VerifyVideo;
  /** Writes the recipe into the video, too, if that is an MP4. */
  readonly recipeInVideo: boolean;
  /** The most bytes of the video. */
  readonly limit: number;
  /** ms without a byte before a transfer counts as broken; `download` has its own default. */
  readonly stallTimeout?: number | undefined;
  /** USD, if the service reported it. */
  readonly cost: () => number | undefined;
  readonly now: () => number;
  /** True if another job has recorded this path (absolute) as its own. */
  readonly isAnothers: (video: string) => boolean;
  /** Commits where the verified video is about to go. */
  readonly commit: (destination: Destination) => Promise<void>;
  readonly checkpoint: (name: SaveCheckpoint) => void;
  readonly alone: Alone;
}

interface Saved {
  /** Absolute paths. */
  readonly video: string;
  readonly recipe: string;
}

/**
 * Download, verify, rename, recipe: each step can be interrupted and repeated (`docs/jobs.md`, "Laws", 4). It never replaces
 * an existing file.
 * @throws {ProblemError} what stops the save. No half-written file keeps a final name.
 */
export async function saveVideo(options: SaveOptions): Promise<Saved> {
  const { folder, root } = options.job.order;
  await ensureFolder(folder, root);
  try {
    // First of all, so that a window that hung in the middle of a save can no longer finish it.
    await removeTemporary(folder, [options.job.id]);
    options.checkpoint("cleaned");
    const placed = (await findPlaced(options)) ?? (await fetchAndPlace(options, folder));
    options.checkpoint("placed");
    const recipe = await writeRecipe(options, folder, placed);
    options.checkpoint("recipe");
    return { video: placed.video, recipe };
  } catch (error) {
    throw folderProblem(error, folder);
  }
}

/**
 * Removes what interrupted saves of these jobs (ids) may have left in a folder (absolute).
 * @throws the first error of the file system, after it has tried every file.
 */
export async function removeTemporary(folder: string, jobs: readonly string[]): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter((name) => name.endsWith(".part") && jobs.some((id) => name.startsWith(`.${id}.`)));
  const results = await Promise.allSettled(left.map((name) => rm(join(folder, name), { force: true })));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") {
    throw failed.reason;
  }
}

interface Placed {
  readonly video: string;
  readonly sha256: string;
  readonly facts: VideoFacts;
}

/** A new name for every attempt: two windows must never write to the same file. */
function temporary(folder: string, id: string, kind: "video" | "recipe"): string {
  return join(folder, `.${id}.${randomUUID().slice(0, 8)}.${kind}.part`);
}

/** Creates folders only below the job's root: a project that is gone is not created again. */
async function ensureFolder(folder: string, root: string): Promise<void> {
  try {
    if (!(await stat(root)).isDirectory()) {
      throw new ProblemError({ code: "folderUnusable", path: root, reason: "notAFolder" });
    }
  } catch (error) {
    throw folderProblem(error, root);
  }
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw folderProblem(error, folder);
  }
}

/** The video of an interrupted save, if it already had its name. */
async function findPlaced(options: SaveOptions): Promise<Placed | undefined> {
  const { destination } = options.job;
  if (destination === undefined) {
    return undefined;
  }
  const { video, sha256, file } = destination;
  await removeClaim(video);
  if (!(await exists(video)) || (await hashFile(video)) !== sha256) {
    return undefined;
  }
  if (file !== undefined && (await identityOf(video)) !== file && options.isAnothers(video)) {
    // Another job has taken the name meanwhile, with a video of the same bytes. The identity alone does not prove that: some
    // volumes give their files new identities when they are mounted again.
    return undefined;
  }
  const facts = await options.verify(video).catch((error: unknown) => {
    throw error instanceof ProblemError && error.problem.code === "videoCheckFailed"
      ? new ProblemError({ ...error.problem, path: video }, { cause: error })
      : error;
  });
  return { video, sha256, facts };
}

async function fetchAndPlace(options: SaveOptions, folder: string): Promise<Placed> {
  const { id, order } = options.job;
  const file = temporary(folder, id, "video");
  try {
    await download({
      url: await options.url(),
      file,
      trust: options.trust,
      fetch: options.fetch,
      limit: options.limit,
      stallTimeout: options.stallTimeout,
      checkpoint: options.checkpoint,
    });
    options.checkpoint("downloaded");
    const facts = await options.verify(file);
    if (options.recipeInVideo && facts.extension === ".mp4") {
      await writeInto(file, options, facts);
    }
    const sha256 = await hashFile(file);
    if (sha256 === undefined) {
      throw new ProblemError({ code: "downloadFailed", reason: "the temporary file was changed" });
    }
    const identity = await identityOf(file);
    options.checkpoint("verified");
    return await firstFree(folder, async (nth) => {
      const video = join(folder, `${nthName(order, nth)}${facts.extension}`);
      if ((await exists(video)) || (await exists(recipePathOf(video)))) {
        return undefined;
      }
      await options.commit({ video, sha256, file: identity });
      options.checkpoint("placing");
      return (await moveExclusively(file, video, options.checkpoint)) ? { video, sha256, facts } : undefined;
    });
  } catch (error) {
    const taken = !(error instanceof ProblemError) && codeOf(error) === "ENOENT" && (await exists(folder));
    await rm(file, { force: true }).catch(() => undefined);
    if (taken) {
      // Another window that continues the job removed it, or somebody cleaned up. The folder itself is fine.
      throw new ProblemError({ code: "downloadFailed", reason: "the temporary file was removed" }, { cause: error });
    }
    throw error;
  }
}

/**
 * Writes the recipe into a verified MP4. It cannot say there which video is its own. A video in which the recipe cannot be found, or
 * that is not the same with it, is cut back to what the service sent: it matters more.
 */
async function writeInto(file: string, options: SaveOptions, facts: VideoFacts): Promise<void> {
  const { order } = options.job;
  const box = xmpBox(recipeText({ ...contentOf(options), ...originOf(options) }), order.prompt);
  const size = box && (await appendBox(file, box));
  if (size === undefined) {
    return;
  }
  const now = await options.verify(file).catch((error: unknown) => {
    if (error instanceof ProblemError) {
      return undefined;
    }
    throw error;
  });
  if (!isDeepStrictEqual(now, facts) || (await recipeInVideo(file)) === undefined) {
    await cutBack(file, size);
  }
}

/** What a recipe says of how its video is made. */
function contentOf({ job: { order } }: SaveOptions) {
  const { folder, workspace } = order;
  return {
    recipe: 1,
    model: modelId,
    ...(order.prompt !== "" && { prompt: order.prompt }),
    start: recipeImage(order.start, folder, workspace),
    end: recipeImage(order.end, folder, workspace),
    ...(order.parameters && { parameters: order.parameters }),
  };
}

/** What a recipe says of the request that made its video. */
function originOf({ job, requestId }: SaveOptions) {
  return { requestId, createdAt: new Date(job.createdAt).toISOString() };
}

async function writeRecipe(options: SaveOptions, folder: string, placed: Placed): Promise<string> {
  const { order, id } = options.job;
  if (order.recipe !== undefined && (await completeRecipe(options, order.recipe, placed))) {
    return order.recipe;
  }
  const path = recipePathOf(placed.video);
  await removeClaim(path);
  if (await exists(path)) {
    // Only an interrupted save of this very job can have written it: the name was free when the video took it.
    return path;
  }
  const { extension: _, ...facts } = placed.facts;
  const cost = options.cost();
  const recipe: Recipe = recipeSchema.parse({
    ...contentOf(options),
    video: { file: basename(placed.video), sha256: placed.sha256, ...facts },
    ...originOf(options),
    savedAt: new Date(options.now()).toISOString(),
    ...(cost === undefined ? {} : { cost }),
  });
  const file = temporary(folder, id, "recipe");
  try {
    await writeDurably(file, recipeText(recipe), () => options.checkpoint("recipeOpened"));
    options.checkpoint("recipeWritten");
    await moveExclusively(file, path, options.checkpoint);
    return path;
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/**
 * Writes a rendered video into the recipe that it was rendered from.
 * @returns false if that is not possible: it is gone or broken, or the video went elsewhere. The video then gets a recipe of its
 * own, as any other.
 */
async function completeRecipe(options: SaveOptions, path: string, { video, sha256, facts }: Placed): Promise<boolean> {
  const { job, requestId, now, alone } = options;
  if (dirname(path) !== dirname(video)) {
    return false;
  }
  const { extension: _, ...known } = facts;
  const cost = options.cost();
  const rendered = requestOf(job.order);
  const take: RenderedTake = {
    video: { file: basename(video), sha256, ...known },
    requestId,
    createdAt: new Date(job.createdAt).toISOString(),
    savedAt: new Date(now()).toISOString(),
    ...(cost !== undefined && { cost }),
    ...(rendered && { rendered }),
  };
  const lost = await lostTake(path);
  const change = (text: string) => {
    const recipe = editableRecipe(text);
    const isLost = lost !== undefined && recipe?.video?.sha256 === lost;
    const isPicked =
      isLost || rendered === undefined || (recipe !== undefined && counts(recipe, rendered, job.createdAt));
    return recipe && withTake(text, take, isPicked);
  };
  return await changeRecipe(job.id, path, change, alone, () => options.checkpoint("recipeWritten"));
}

/** The hash (hex) of a recipe's picked video, if that is not there any more as it was saved. */
async function lostTake(path: string): Promise<string | undefined> {
  const text = await readRecipeText(path);
  const picked = text === undefined ? undefined : editableRecipe(text)?.video;
  const found = picked && (await hashFile(join(dirname(path), basename(picked.file))).catch(() => undefined));
  return found === picked?.sha256 ? undefined : picked?.sha256;
}

/** What a job's request is made with; undefined if that isn't known. */
function requestOf({ start, end, prompt, parameters }: SaveInput["order"]): Render | undefined {
  return parameters && { model: modelId, start: renderedImage(start), end: renderedImage(end), prompt, parameters };
}

/**
 * True if a new video counts in place of the picked one: that is of another and earlier request. One more take of the same waits to
 * be picked.
 * @param createdAt when the new one was asked for, ms since 1970
 */
function counts(recipe: RecipeFile, { parameters, ...request }: Render, createdAt: number): boolean {
  const picked = lastRender(recipe);
  const { seed: _, ...unseeded } = parameters ?? {};
  const isLater = !(Date.parse(recipe.createdAt ?? "") > createdAt);
  return picked === undefined || (isLater && whatChanged({ ...request, parameters: unseeded }, picked).length > 0);
}
