import { sizeOf } from "../shared/model/parameters.ts";
import { type Side, sides } from "../shared/model/side.ts";
import type { RecipeFile } from "./file.ts";
import type { Known } from "./fileMemory.ts";
import { type ImageFacts, lastRender, type RequestFacts, requestOf } from "./fingerprint.ts";
import { cropProblem, type ImageTrouble, imageProblem } from "./images.ts";
import type { ParsedRecipe } from "./parse.ts";
import { fromRecipe } from "./paths.ts";
import type { RecipeProblem } from "./problems.ts";
import { type RecipeJob, type RecipeState, stateOf, type VideoPresence } from "./state.ts";

/** A recipe of the workspace, as all views see it. */
export interface RecipeEntry {
  /** Absolute. */
  readonly path: string;
  /** Absolute path of its workspace folder. */
  readonly root: string;
  /** Its text, to which the places of its problems refer. */
  readonly text: string;
  /** Missing if the text cannot be read as a whole. */
  readonly recipe: RecipeFile | undefined;
  /** Of the text and its images. */
  readonly problems: readonly RecipeProblem[];
  /** What it says now. What is not known yet is missing. */
  readonly request: RequestFacts | undefined;
  /** Absolute paths of the image files that were found. */
  readonly images: Partial<Record<Side, string>>;
  /** Absolute path of the picked video, whether it is there or not. */
  readonly video: string | undefined;
  readonly state: RecipeState;
}

/** A file that a recipe names. Paths are absolute. */
export interface Named {
  /** As the recipe has it. */
  readonly wanted: string;
  /** Where it is, and the stamp of its content; missing if it is not there. */
  readonly path?: string | undefined;
  readonly stamp?: string | undefined;
  /** Of a missing image: the hash (hex, lower case) of its content, and where a file with it is now, as far as known. */
  readonly sought?: string | undefined;
  readonly movedTo?: string | undefined;
}

/** A recipe that was read, with the files that it names. */
export interface ReadRecipe {
  readonly path: string;
  readonly root: string;
  /** The recipe's folder, seen from the workspace folder, with `/`. */
  readonly folder: string;
  readonly text: string;
  readonly parsed: ParsedRecipe;
  readonly images: Partial<Record<Side, Named>>;
  readonly video: Named | undefined;
}

/** What belongs to a recipe beside its text and files. */
export interface Surroundings {
  /** What is known of a content. */
  known(path: string, stamp: string): Known | undefined;
  readonly job?: RecipeJob | undefined;
  /** What its video was rendered with, by the journal. */
  readonly rendered?: RequestFacts | undefined;
  /** Its picked video is that of another recipe, too. */
  readonly shared?: RecipeProblem | undefined;
}

/** The hash (hex) of the content that a side's image had: when the video was rendered, or as the program wrote it. */
export function recordedHash(recipe: RecipeFile | undefined, side: Side): string | undefined {
  return recipe === undefined ? undefined : (lastRender(recipe)?.[side].sha256 ?? recipe[side].sha256);
}

/** What views see of a recipe that was read. */
export function recipeEntry(read: ReadRecipe, surroundings: Surroundings): RecipeEntry {
  const { path, root, text, parsed, video } = read;
  const { recipe } = parsed;
  const facts: Partial<Record<Side, ImageFacts>> = {};
  const images: Partial<Record<Side, string>> = {};
  const troubles: ImageTrouble[] = [];
  for (const side of sides) {
    const named = read.images[side];
    const known = contentOf(named, surroundings);
    const trouble = named && troubleOf(read, side, named, known);
    if (known?.facts !== undefined) {
      facts[side] = known.facts;
    }
    if (named?.path !== undefined) {
      images[side] = named.path;
    }
    if (trouble !== undefined) {
      troubles.push(trouble);
    }
  }
  const request = recipe && requestOf(recipe, facts);
  const problems = [
    ...parsed.problems,
    ...troubles.map((trouble) => imageProblem(text, parsed, trouble)),
    ...(recipe === undefined ? [] : cropsOf({ ...parsed, recipe }, facts, request)),
    ...(surroundings.shared === undefined ? [] : [surroundings.shared]),
  ];
  const { job, rendered } = surroundings;
  const state = stateOf({ recipe, problems, request, job, rendered, video: presenceOf(read, surroundings) });
  return { path, root, text, recipe, problems, request, images, video: video?.wanted, state };
}

function contentOf(named: Named | undefined, { known }: Surroundings): Known | undefined {
  return named?.path === undefined || named.stamp === undefined ? undefined : known(named.path, named.stamp);
}

function troubleOf(
  { folder, root }: ReadRecipe,
  side: Side,
  named: Named,
  known: Known | undefined,
): ImageTrouble | undefined {
  if (named.path === undefined) {
    const found = named.movedTo?.slice(root.length).replaceAll("\\", "/").replace(/^\//, "");
    const movedTo = found === undefined ? undefined : fromRecipe(found, folder);
    return { side, problem: { code: "imageMissing", path: named.wanted }, movedTo };
  }
  return known?.problem && { side, problem: known.problem };
}

function cropsOf(
  parsed: ParsedRecipe & { readonly recipe: RecipeFile },
  facts: Partial<Record<Side, ImageFacts>>,
  request: RequestFacts | undefined,
): RecipeProblem[] {
  const { parameters } = request ?? {};
  if (parameters?.resolution === undefined) {
    return [];
  }
  return sides.flatMap((side) => {
    const size = facts[side]?.size;
    return (size && cropProblem(parsed, side, size, sizeOf(parameters))) ?? [];
  });
}

function presenceOf({ video, parsed }: ReadRecipe, surroundings: Surroundings): VideoPresence {
  if (video === undefined) {
    return "unknown";
  }
  if (video.path === undefined) {
    return "missing";
  }
  const hash = contentOf(video, surroundings)?.facts?.sha256;
  return hash === undefined ? "unknown" : hash === parsed.recipe?.video?.sha256.toLowerCase() ? "there" : "changed";
}
