import { imageExtensions } from "../shared/model/imageKinds.ts";

/** Folders whose files nobody looks for. */
export const excluded = "**/{node_modules,.git}/**";
const excludedFolder = /[\\/](node_modules|\.git)[\\/]/;

/** True for a path in one of the folders whose files nobody looks for. */
export function isExcluded(path: string): boolean {
  return excludedFolder.test(path);
}

/** Cameras and phones write them in capitals, and globs and some file dialogs are case-sensitive. */
export const imageGlob = `**/*.{${imageExtensions.map(inEitherCase).join(",")}}`;

export const recipeGlob = "**/*.flf.json";

/** True for the path of a recipe. */
export function isRecipe(path: string): boolean {
  return path.endsWith(".flf.json");
}

function inEitherCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
