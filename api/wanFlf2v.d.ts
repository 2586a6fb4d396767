/**
 * What the extension `wan-flf2v.wan-flf2v` gives to other extensions. Copy this file, and name the extension in the
 * `extensionDependencies` of yours.
 *
 * Everything goes the way of the commands: the user's caps apply, nothing is paid twice, and what is rendered appears in the list of
 * videos. Promises are rejected with an `Error` in the user's language; nothing was sent then, unless its message says otherwise.
 * Recipes and videos are absolute paths on the machine that the window works on.
 */
import type { Event, Uri } from "vscode";

export interface WanFlf2v {
  /** Counts up only if something that is described here goes or means something else. */
  readonly apiVersion: 1;

  /**
   * Renders a recipe. One that is being rendered already gives the job that does it. A take that is what the recipe says now counts
   * again.
   * @param options `takes`: so many more videos (1 to 12), each with a seed of its own, also of a recipe that is up to date
   * @returns the ids of its jobs; none if a take counts again, fewer than takes if the user declined the price
   */
  renderRecipe(recipe: Uri, options?: { readonly takes?: number }): Promise<readonly string[]>;

  /** What a build would do. Nothing is sent. Without a folder, it is about all recipes of the workspace. */
  planRecipes(folder?: Uri): Promise<readonly PlannedRecipe[]>;

  /**
   * Renders what isn't up to date. One recipe that fails doesn't stop the others.
   * @param options `confirm: false` asks the user nothing, unless a setting of theirs demands it
   * @returns undefined if the user said no
   */
  renderStale(folder?: Uri, options?: { readonly confirm?: boolean }): Promise<BuildResult | undefined>;

  /**
   * Writes recipes of a folder's images, or of a table (`.csv`) in place of the folder. It renders nothing, replaces no file, and makes
   * no second recipe of the same images; of a table, none that says the same.
   * @returns the recipes that were written
   */
  createRecipes(folder: Uri, options: CreateOptions): Promise<readonly string[]>;

  /** A job as it is now; undefined if it is no longer in the list. */
  getJob(id: string): Promise<Job | undefined>;

  /** The id of each job that came, went, or has another state, in whichever window. */
  readonly onDidChangeJob: Event<string>;
}

export interface PlannedRecipe {
  readonly recipe: string;
  readonly state: "broken" | "rendering" | "failed" | "notRendered" | "stale" | "upToDate";
  /** What differs from the last render: `model`, `start`, `startCrop`, `end`, `endCrop`, `prompt`, or a parameter. */
  readonly changed: readonly string[];
  /** USD at the base price, if it is known. */
  readonly price?: number;
}

export interface BuildResult {
  readonly jobs: readonly { readonly recipe: string; readonly id: string }[];
  /** Recipes of which an earlier take is what they say now, and counts again. Nothing was paid for them. */
  readonly reused: readonly string[];
  /** The message is in the user's language. */
  readonly failed: readonly { readonly recipe: string; readonly message: string }[];
}

export interface CreateOptions {
  /** Images whose names belong together, each numbered image with the next, or the rows of a table. */
  readonly as: "pairs" | "chain" | "table";
  /** A recipe whose prompt, parameters and crops are used where nothing else is said. */
  readonly template?: Uri | string;
  /** With `as: "table"`, if the folder isn't the table itself. */
  readonly table?: Uri | string;
  /** For recipes to which neither the table nor the template gives one. */
  readonly prompt?: string;
}

export interface Job {
  readonly id: string;
  /** `unclear` and `needsAction` wait for the user. `saved`, `failed` and `cancelled` are the end. */
  readonly state:
    | "preparing"
    | "waiting"
    | "submitting"
    | "unclear"
    | "queued"
    | "running"
    | "downloading"
    | "needsAction"
    | "saved"
    | "failed"
    | "cancelled";
  readonly requestId?: string;
  readonly video?: string;
  readonly recipe?: string;
  /** USD, once RunComfy has reported it. */
  readonly cost?: number;
  /** Why it failed or waits, in the user's language. */
  readonly message?: string;
}
