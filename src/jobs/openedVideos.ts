import { createHash } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { readRecipe, recipePathOf, sourceImage } from "../output/recipe.ts";
import { requestIdSchema } from "../runcomfy/wire.ts";
import type { HostingKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Recipe, RecipeImage } from "../shared/model/recipe.ts";
import { openedPrefix } from "./facts.ts";
import type { FrozenDraft, FrozenImage, Job } from "./job.ts";

/** What names a recipe's file, in any case. */
const recipeEnding = /\.flf\.json$/i;
/** The endings of videos that belong to a recipe, most likely first. */
const videoEndings = [".mp4", ".webm", ".mov", ".mkv"];
/** The most files that stay open; the oldest gives way. */
const mostOpened = 100;

/** True for the path of a video or a recipe. */
export function isVideoFile(path: string): boolean {
  return recipeEnding.test(path) || videoEndings.includes(extname(path).toLowerCase());
}

/** What a job from a file takes from the user's settings. */
interface Defaults {
  /** Origin of the service that would make the video again. */
  service(): string;
  /** How its images would get there. */
  hosting(): HostingKind;
}

/**
 * Videos that the user opened from their files, as jobs that have been saved. They are no jobs of the journal: they were made
 * in another profile or clone, or their row is gone, and nothing can happen to them any more.
 */
export class OpenedVideos {
  readonly #known: () => readonly Job[];
  readonly #defaults: Defaults;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<() => void>();

  /** @param known the jobs of the journal: a file of theirs needs no other job */
  constructor(known: () => readonly Job[], defaults: Defaults) {
    this.#known = known;
    this.#defaults = defaults;
  }

  /**
   * Opens a video, or the video of a recipe. A recipe alone will do: its video need not exist.
   * @param path absolute
   * @returns the id of its job, which may be one of the journal.
   * @throws {ProblemError} `notARecipe`; `videoMissing` if neither the video nor a recipe is there.
   */
  async open(path: string): Promise<string> {
    const isRecipe = recipeEnding.test(path);
    const recipePath = isRecipe ? path : recipePathOf(path);
    const read = await readRecipe(recipePath);
    if (isRecipe && read === undefined) {
      throw new ProblemError({ code: "notARecipe", path });
    }
    const named = read && (await videoOf(recipePath, read));
    const video = isRecipe && named !== undefined ? named : path;
    // A recipe that names another video beside it says nothing of this one.
    const recipe = named === video ? read : undefined;
    if (recipe === undefined && !(await isThere(video))) {
      throw new ProblemError({ code: "videoMissing", path: video });
    }
    const own = this.#known().find(({ progress }) => progress.state === "saved" && progress.video === video);
    if (own !== undefined) {
      return own.id;
    }
    const job = await this.#jobOf(video, recipePath, recipe);
    this.#jobs.delete(job.id);
    this.#jobs.set(job.id, job);
    for (const id of [...this.#jobs.keys()].slice(0, -mostOpened)) {
      this.#jobs.delete(id);
    }
    this.#changed();
    return job.id;
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Newest first, by when they were made. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].sort(newestFirst);
  }

  /** Takes a video off the list. Its files stay. */
  close(id: string): void {
    if (this.#jobs.delete(id)) {
      this.#changed();
    }
  }

  /** @returns a function that ends the listening. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  async #jobOf(video: string, recipePath: string, recipe: Recipe | undefined): Promise<Job> {
    const folder = dirname(video);
    // No date of a file lies in the future, whatever it says: the newest stand first.
    const made = Math.min(Date.parse(recipe?.createdAt ?? ""), Date.now());
    const order: FrozenDraft = {
      start: frozen(recipe?.start, folder),
      end: frozen(recipe?.end, folder),
      prompt: recipe?.prompt ?? "",
      ...(recipe?.parameters !== undefined && { parameters: recipe.parameters }),
      hosting: this.#defaults.hosting(),
      service: this.#defaults.service(),
      folder,
      root: folder,
      name: basename(video, extname(video)),
    };
    return {
      id: `${openedPrefix}${createHash("sha256").update(video).digest("hex").slice(0, 32)}`,
      createdAt: Number.isNaN(made) ? await changedAt(video) : made,
      order,
      progress: {
        state: "saved",
        requestId: requestIdSchema.safeParse(recipe?.requestId).data ?? "",
        video,
        recipe: recipePath,
        ...(recipe?.cost !== undefined && { cost: recipe.cost }),
      },
    };
  }
}

/**
 * The video of a recipe: the file that it names if both are called alike, else the first video beside it that is called like it.
 * A recipe that was copied under another name has none yet: its video is then no file.
 */
async function videoOf(recipePath: string, recipe: Recipe): Promise<string> {
  const stem = recipePath.replace(recipeEnding, "");
  const named = join(dirname(recipePath), basename(recipe.video.file.replaceAll("\\", "/")));
  const alike = [
    ...(isVideoFile(named) && recipePathOf(named) === recipePath ? [named] : []),
    ...videoEndings.map((ending) => stem + ending),
  ];
  for (const video of alike) {
    if (await isThere(video)) {
      return video;
    }
  }
  return alike[0] ?? `${stem}.mp4`;
}

function frozen(image: RecipeImage | undefined, folder: string): FrozenImage {
  const source = image === undefined ? undefined : sourceImage(image, folder);
  return source ?? { kind: "unknown" };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** When a file last changed, ms since 1970; 0 if it is not there. */
async function changedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

/** The order of the journal. */
function newestFirst(one: Job, other: Job): number {
  return other.createdAt - one.createdAt || (one.id < other.id ? -1 : 1);
}

/** Jobs that views show, newest first. */
export interface KnownJobs {
  list(): readonly Job[];
  get(id: string): Job | undefined;
  /** @returns a function that ends the listening. */
  onDidChange(listener: () => void): () => void;
}

/** The jobs of the journal, with the videos that were opened from their files among them. */
export function jobsAnd(opened: KnownJobs, jobs: KnownJobs): KnownJobs {
  return {
    list: () => {
      const files = opened.list();
      return files.length === 0 ? jobs.list() : [...files, ...jobs.list()].sort(newestFirst);
    },
    get: (id) => jobs.get(id) ?? opened.get(id),
    onDidChange: (listener) => {
      const ends = [jobs.onDidChange(listener), opened.onDidChange(listener)];
      return () => {
        for (const end of ends) {
          end();
        }
      };
    },
  };
}
