import { coverCrop } from "../shared/model/crop.ts";
import { centerCrop } from "../shared/model/plan.ts";
import type { Problem } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";
import type { Size } from "../shared/model/size.ts";
import { renamedImage } from "./edit.ts";
import type { RecipeFile } from "./file.ts";
import { editBetween } from "./merge.ts";
import type { ParsedRecipe } from "./parse.ts";
import type { RecipeFix, RecipeProblem } from "./problems.ts";

/** What is known of an image file that cannot be used. */
export interface ImageTrouble {
  readonly side: Side;
  readonly problem: Problem;
  /** Where a file with the hash of the last render is now, as the recipe would name it. */
  readonly movedTo?: string | undefined;
}

/** The share of an image above which a crop is worth a word. */
const muchCut = 0.35;

/** The problem of an image that cannot be used, at its place in the text. */
export function imageProblem(
  text: string,
  parsed: ParsedRecipe,
  { side, problem, movedTo }: ImageTrouble,
): RecipeProblem {
  const moved = movedTo === undefined ? undefined : editBetween(text, renamedImage(text, side, movedTo));
  const fixes: RecipeFix[] = [
    ...(moved === undefined ? [] : [{ kind: "edit", how: "found", shown: movedTo ?? "", edits: [moved] } as const]),
    { kind: "pickImage", side },
  ];
  return { code: "imageProblem", side, problem, severity: "error", range: placeOf(parsed, side), fixes };
}

/**
 * A warning if a crop that nobody chose cuts off much of an image; undefined otherwise.
 * @param size the image's own, with the orientation applied
 * @param target the video's
 */
export function cropProblem(
  parsed: ParsedRecipe & { readonly recipe: RecipeFile },
  side: Side,
  size: Size,
  target: Size,
): RecipeProblem | undefined {
  const { share } = coverCrop(size, target, centerCrop.focus, centerCrop.zoom).lost;
  return parsed.recipe[side].crop !== undefined || share < muchCut
    ? undefined
    : { code: "imageCropped", side, share, severity: "warning", range: placeOf(parsed, side), fixes: [] };
}

/** The problems of recipes that name the same video as another, by their paths. */
export function sharedVideos(
  recipes: readonly { readonly path: string; readonly video: string; readonly parsed: ParsedRecipe }[],
): Map<string, RecipeProblem> {
  const problems = new Map<string, RecipeProblem>();
  for (const group of Map.groupBy(recipes, ({ video }) => video.normalize("NFC").toLowerCase()).values()) {
    for (const { path, parsed } of group) {
      const other = group.find((each) => each.path !== path);
      const file = parsed.recipe?.video?.file;
      if (other !== undefined && file !== undefined) {
        const range = parsed.rangeOf(["video", "file"]);
        problems.set(path, { code: "videoShared", file, other: other.path, severity: "warning", range, fixes: [] });
      }
    }
  }
  return problems;
}

function placeOf(parsed: ParsedRecipe, side: Side): { offset: number; length: number } {
  return parsed.rangeOf(
    parsed.isPlain(side) ? [side] : [side, parsed.recipe?.[side].url === undefined ? "path" : "url"],
  );
}
