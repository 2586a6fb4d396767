import { basename, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { excluded, isRecipe, recipeGlob } from "../../host/globs.ts";
import { wasNeverSent } from "../../jobs/facts.ts";
import { isEnded, type Job, needsUser } from "../../jobs/job.ts";
import type { JobService } from "../../jobs/service.ts";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { pluralText } from "../../shared/texts.ts";
import { errorText } from "../words/error.ts";
import { jobText } from "../words/job.ts";
import { recipeDetailText, recipeFaultText } from "../words/recipe.ts";
import { placesIn } from "./places.ts";
import { nameIn, type RecipeBuild } from "./recipeBuild.ts";

/** The most recipes of one task. */
const mostRecipes = 2000;

const definitionSchema = z.object({
  /** Path of a recipe, absolute or relative to the workspace folder. */
  recipe: z.string().min(1).optional(),
  /** Recipes by a pattern, relative to the workspace folder. */
  glob: z.string().min(1).optional(),
  /** So many more takes of each recipe, also where it is up to date. */
  takes: z.int().min(1).max(12).optional(),
});

/** What a task needs. Paths are absolute. */
export interface TaskDeps {
  readonly index: Pick<RecipeIndex, "touch" | "whenKnown" | "get">;
  readonly build: Pick<RecipeBuild, "renderThese" | "renderAll">;
  readonly jobs: Pick<JobService, "list" | "get" | "onDidChange" | "cancel">;
  /** Logs an unexpected error. */
  report(error: unknown): void;
}

/**
 * The terminal of a task that builds recipes. It writes a line for whatever a recipe's video does, and each error at its place in the
 * file. It ends when all videos have, with 0 if all recipes are up to date then, else with 1. Once it is closed, nothing more is
 * sent, and what was sent goes on.
 */
export class RecipeTask implements vscode.Pseudoterminal {
  readonly #deps: TaskDeps;
  readonly #definition: unknown;
  readonly #folder: string | undefined;
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didClose = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#didWrite.event;
  readonly onDidClose = this.#didClose.event;
  readonly #stop = new AbortController();
  /** The jobs that are followed, with what was last said of each. */
  readonly #followed = new Map<string, { readonly recipe: string; said?: string }>();
  /** The jobs that this task made. */
  readonly #made = new Set<string>();
  /** The recipes with an error that was written. */
  readonly #faulty = new Set<string>();
  #look: () => void = () => undefined;

  /**
   * @param definition as in `tasks.json`, variables resolved
   * @param folder absolute path of the task's workspace folder; undefined for a task of the whole workspace
   */
  constructor(deps: TaskDeps, definition: unknown, folder: string | undefined) {
    this.#deps = deps;
    this.#definition = definition;
    this.#folder = folder;
  }

  open(): void {
    void this.#run()
      .catch((error: unknown) => {
        this.#deps.report(error);
        this.#write(errorText(error));
        return 1;
      })
      .then((code) => this.#didClose.fire(code));
  }

  close(): void {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort();
      this.#made.forEach((id) => void this.#cancelUnsent(id));
      this.#look();
    }
  }

  handleInput(data: string): void {
    if (data === "\u0003") {
      this.close();
    }
  }

  async #run(): Promise<number> {
    const definition = definitionSchema.safeParse(this.#definition);
    if (!definition.success) {
      const argument = definition.error.issues[0]?.path.join(".") ?? "?";
      this.#write(vscode.l10n.t("The task’s property {0} is invalid. Nothing was sent.", argument));
      return 1;
    }
    const { recipe, glob, takes } = definition.data;
    const paths = recipe === undefined ? await this.#matching(glob ?? recipeGlob) : [this.#absolute(recipe)];
    if (paths.length === 0) {
      this.#write(vscode.l10n.t("No recipes found. Nothing was sent."));
      return 1;
    }
    const renderable = (await this.#known(paths)).flatMap(({ path, entry }) => this.#begin(path, entry));
    await this.#render(renderable, takes);
    if (this.#stop.signal.aborted) {
      this.#write(vscode.l10n.t("Stopped. What was sent goes on."));
      return 1;
    }
    for (const { path, entry } of await this.#known(paths)) {
      const isReady = entry?.state.state === "upToDate" && !["missing", "changed"].includes(entry.state.video);
      if (!isReady && !this.#faulty.has(path)) {
        this.#error(path, entry === undefined ? missingText() : recipeDetailText(entry.state, entry.video));
      }
    }
    const ready = paths.length - this.#faulty.size;
    this.#write(
      pluralText(
        paths.length,
        vscode.l10n.t("{0} of {1} recipe is up to date.", ready, paths.length),
        vscode.l10n.t("{0} of {1} recipes are up to date.", ready, paths.length),
      ),
    );
    return ready === paths.length ? 0 : 1;
  }

  async #matching(glob: string): Promise<string[]> {
    const folder = this.#folder;
    const pattern = folder === undefined ? glob : new vscode.RelativePattern(vscode.Uri.file(folder), glob);
    const found = await vscode.workspace.findFiles(pattern, excluded, mostRecipes);
    return found
      .filter(({ scheme, path }) => scheme === "file" && isRecipe(path))
      .map(({ fsPath }) => fsPath)
      .sort();
  }

  #absolute(recipe: string): string {
    const folder = this.#folder ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    return isAbsolute(recipe) || folder === undefined ? recipe : join(folder, recipe);
  }

  /** The recipes as they are now on disk. */
  async #known(paths: readonly string[]): Promise<{ path: string; entry: RecipeEntry | undefined }[]> {
    this.#deps.index.touch(paths);
    await this.#deps.index.whenKnown();
    return paths.map((path) => ({ path, entry: this.#deps.index.get(path) }));
  }

  /** Writes what is wrong with a recipe, and follows it if it is on its way. Gives it if it can be rendered. */
  #begin(path: string, entry: RecipeEntry | undefined): string[] {
    if (entry === undefined) {
      this.#error(path, missingText());
      return [];
    }
    if (entry.state.state === "broken") {
      const placeOf = placesIn(entry.text);
      for (const problem of entry.state.problems) {
        const { line, character } = placeOf(problem.range).start;
        this.#error(path, recipeFaultText(problem), line + 1, character + 1);
      }
      return [];
    }
    if (entry.state.state === "rendering") {
      this.#followed.set(entry.state.job, { recipe: path });
    }
    return [path];
  }

  /** Resolves when all videos of these recipes have ended, or when the task is to stop. */
  async #render(paths: readonly string[], takes: number | undefined): Promise<void> {
    const { build, jobs } = this.#deps;
    const { signal } = this.#stop;
    const { promise, resolve } = Promise.withResolvers<void>();
    let isSent = false;
    this.#look = () => {
      const known = new Map(jobs.list().map((job) => [job.id, job]));
      for (const id of this.#followed.keys()) {
        this.#tell(id, known.get(id));
      }
      if (signal.aborted || (isSent && this.#followed.size === 0)) {
        resolve();
      }
    };
    const stopListening = jobs.onDidChange(() => this.#look());
    try {
      const follower = {
        signal,
        started: (recipe: string, ids: readonly string[]) => {
          for (const id of ids) {
            this.#made.add(id);
            this.#followed.set(id, this.#followed.get(id) ?? { recipe });
            if (signal.aborted) {
              void this.#cancelUnsent(id);
            }
          }
          this.#look();
        },
        failed: (recipe: string, message: string) => signal.aborted || this.#error(recipe, message),
      };
      const sending =
        takes === undefined ? build.renderThese(paths, false, follower) : build.renderAll(paths, { takes }, follower);
      await Promise.race([sending, promise]);
      isSent = true;
      this.#look();
      await promise;
    } finally {
      stopListening();
      this.#look = () => undefined;
    }
  }

  /** Writes what became of a job, if that is new, and follows it no more once it is over or was removed. */
  #tell(id: string, job: Job | undefined): void {
    const followed = this.#followed.get(id);
    // The list may not have a new job yet.
    if (followed === undefined || (job === undefined && followed.said === undefined)) {
      return;
    }
    const said = job && lineOf(job);
    if (said !== undefined && said !== followed.said) {
      followed.said = said;
      this.#write(`${nameIn(followed.recipe)}: ${said}`);
    }
    if (job === undefined || isEnded(job.progress)) {
      this.#followed.delete(id);
    }
  }

  async #cancelUnsent(id: string): Promise<void> {
    const job = this.#deps.jobs.get(id);
    if (job !== undefined && wasNeverSent(job)) {
      await this.#deps.jobs.cancel(id).catch((error: unknown) => this.#deps.report(error));
    }
  }

  /** As the problem matcher reads it. Places are counted from 1. */
  #error(path: string, message: string, line = 1, column = 1): void {
    this.#faulty.add(path);
    this.#write(`${path}(${line},${column}): error: ${message}`);
  }

  #write(line: string): void {
    // What a terminal would obey comes in names of files.
    this.#didWrite.fire(`${line.replace(/\p{Cc}+/gu, " ")}\r\n`);
  }
}

function lineOf(job: Job): string {
  const { progress } = job;
  const { state, detail } = jobText(job);
  if (progress.state === "saved") {
    return `${state} · ${basename(progress.video)}`;
  }
  return detail !== undefined && (needsUser(progress) || isEnded(progress)) ? `${state}: ${detail}` : state;
}

function missingText(): string {
  return vscode.l10n.t("There is no such recipe in this workspace.");
}
