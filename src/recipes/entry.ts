import type { Side } from "../shared/model/side.ts";
import type { RecipeFile } from "./file.ts";
import type { RequestFacts } from "./fingerprint.ts";
import type { RecipeProblem } from "./problems.ts";
import type { RecipeState } from "./state.ts";

/** A recipe of the workspace with what is known of its images and its video. */
export interface RecipeEntry {
  /** Absolute. */
  readonly path: string;
  /** Absolute path of its workspace folder. */
  readonly root: string;
  /** Missing if it could not be read. */
  readonly recipe: RecipeFile | undefined;
  /** Of the text and its images. */
  readonly problems: readonly RecipeProblem[];
  /** What it says now. */
  readonly request: RequestFacts | undefined;
  /** Absolute paths of the image files that were found. */
  readonly images: { readonly [S in Side]?: string };
  readonly state: RecipeState;
}
