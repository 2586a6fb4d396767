import { createHash } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import { setTimeout as setTimer } from "node:timers/promises";
import * as z from "zod";
import { readRecipe, recipePathOf, sourceImage } from "../output/recipe.ts";
import { requestIdSchema } from "../runcomfy/wire.ts";
import type { HostingKind } from "../shared/model/hosting.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Recipe, RecipeImage } from "../shared/model/recipe.ts";
import { containers, recipeEnding, videoStem } from "../shared/video/fileNames.ts";
import { isOpened, openedPrefix } from "./facts.ts";
import type { FrozenDraft, FrozenImage, Job } from "./job.ts";

/** The most files that stay open; the oldest gives way. */
const mostOpened = 100;
/** The most characters of a path: more than any system allows. */
const longestPath = 4096;
/** How long others wait for the files of an earlier window, ms: a share that sleeps must not keep them. */
const patience = 500;

/** Paths that an earlier window left. Whoever can write them could also open the files, but nothing else counts as one. */
const keptSchema = z
  .array(
    z
      .string()
      .max(longestPath)
      .refine((path) => isAbsolute(path) && isVideoFile(path)),
  )
  .max(mostOpened)
  .catch([]);

/** True for the path of a recipe. */
export function isRecipeFile(path: string): boolean {
  return path.toLowerCase().endsWith(`.${recipeEnding}`);
}

/** True for the path of a video or a recipe. */
export function isVideoFile(path: string): boolean {
  return videoStem(basename(path)) !== undefined;
}

/** What a job from a file takes from the user's settings. */
interface Defaults {
  /** Origin of the service that would make the video again. */
  service(): string;
  /** How its images would get there. */
  hosting(): HostingKind;
}

/** Where the paths of the opened files outlive the window. */
interface Kept {
  get(): unknown;
  put(paths: readonly string[]): void;
}

/** A video, and the file that was opened: its own, or that of its recipe. */
interface Opened {
  readonly job: Job;
  readonly path: string;
}

/**
 * Videos that the user opened from their files, as jobs that have been saved. They are no jobs of the journal: they were made
 * in another profile or clone, or their row is gone, and nothing can happen to them any more. The next window opens them again,
 * once somebody asks for the list.
 */
export class OpenedVideos {
  readonly #known: () => readonly Job[];
  readonly #defaults: Defaults;
  readonly #kept: Kept;
  /** By the job's id, the last one opened at the end. */
  #opened: ReadonlyMap<string, Opened> = new Map();
  /** Files of an earlier window that are still to be opened. */
  #earlier: readonly string[];
  #reopening: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  /** @param known the jobs of the journal: a file of theirs needs no other job */
  constructor(known: () => readonly Job[], defaults: Defaults, kept: Kept) {
    this.#known = known;
    this.#defaults = defaults;
    this.#kept = kept;
    this.#earlier = keptSchema.parse(kept.get());
  }

  /**
   * Opens a video, or the video of a recipe. A recipe alone will do: its video need not exist.
   * @param path absolute
   * @returns the id of its job, which may be one of the journal.
   * @throws {ProblemError} `notARecipe`; `videoMissing` if neither the video nor a recipe is there.
   */
  async open(path: string): Promise<string> {
    const job = await this.#jobAt(path);
    if (isOpened(job)) {
      this.#put([{ job, path }]);
    }
    return job.id;
  }

  get(id: string): Job | undefined {
    return this.#opened.get(id)?.job;
  }

  /** Newest first, by when they were made. */
  list(): readonly Job[] {
    void this.#reopenOnce();
    return [...this.#opened.values()].map(({ job }) => job).sort(newestFirst);
  }

  /**
   * Opens the files of an earlier window again; what is gone is dropped. Resolves once they are in the list, or after half a
   * second: the rest then comes as a change.
   */
  reopened(): Promise<void> {
    return Promise.race([this.#reopenOnce(), setTimer(patience, undefined, { ref: false })]);
  }

  /** Takes a video off the list. Its files stay. */
  close(id: string): void {
    if (this.#opened.has(id)) {
      this.#opened = new Map([...this.#opened].filter(([other]) => other !== id));
      this.#changed();
    }
  }

  /** @returns a function that ends the listening. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #reopenOnce(): Promise<void> {
    this.#reopening ??= this.#reopen();
    return this.#reopening;
  }

  async #reopen(): Promise<void> {
    if (this.#earlier.length === 0) {
      return;
    }
    const read = await Promise.allSettled(
      this.#earlier.map(async (path) => {
        await access(path);
        return { job: await this.#jobAt(path), path };
      }),
    );
    this.#earlier = [];
    const files = read.flatMap((one) => (one.status === "fulfilled" && isOpened(one.value.job) ? [one.value] : []));
    // What was opened meanwhile is newer.
    this.#put([...files, ...this.#opened.values()]);
  }

  /** Adds what was opened. Beyond the most, the oldest gives way. */
  #put(files: readonly Opened[]): void {
    const newest = new Map(files.map((one) => [one.job.id, one]));
    const others = [...this.#opened].filter(([id]) => !newest.has(id));
    this.#opened = new Map([...others, ...newest].slice(-mostOpened));
    this.#changed();
  }

  #changed(): void {
    const paths = [...this.#earlier, ...[...this.#opened.values()].map(({ path }) => path)];
    this.#kept.put([...new Set(paths)].slice(-mostOpened));
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** The job of a file: the journal's own if it has one. Throws as {@link open} does. */
  async #jobAt(path: string): Promise<Job> {
    const isRecipe = isRecipeFile(path);
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
    return own ?? (await this.#jobOf(video, recipePath, recipe));
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
  const stem = recipePath.slice(0, -recipeEnding.length - 1);
  const named = join(dirname(recipePath), basename(recipe.video.file.replaceAll("\\", "/")));
  const alike = [
    ...(isVideoFile(named) && recipePathOf(named) === recipePath ? [named] : []),
    ...containers.map((container) => `${stem}.${container}`),
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
