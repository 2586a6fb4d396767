import { imageExtensions } from "../shared/model/imageKinds.ts";
import { containers, recipeEnding } from "../shared/video/fileNames.ts";

/** Folders whose files nobody looks for. */
export const excluded = "**/{node_modules,.git}/**";
const excludedFolder = /[\\/](node_modules|\.git)[\\/]/;

/** True for a path in one of the folders whose files nobody looks for. */
export function isExcluded(path: string): boolean {
  return excludedFolder.test(path);
}

/** Finds files by their endings in either case: cameras and phones write them in capitals, and globs are case-sensitive. */
export function globOf(endings: readonly string[]): string {
  const inEitherCase = endings.map((ending) =>
    ending.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`),
  );
  return `**/*.{${inEitherCase.join(",")}}`;
}

export const imageGlob = globOf(imageExtensions);
export const videoGlob = globOf(containers);
export const recipeGlob = `**/*.${recipeEnding}`;

/** True for the path of a recipe. */
export function isRecipe(path: string): boolean {
  return path.endsWith(`.${recipeEnding}`);
}
