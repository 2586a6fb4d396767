// Paths of images in recipes: relative to the recipe's folder, with `/`. Folders and results are relative to the workspace
// folder, with `/` and without `.` or `..`; the workspace folder itself is "".

/** The most characters and segments of a path: more than any system allows. */
const longestPath = 4096;
const mostSegments = 256;

/** Why a path can be in no recipe, or leads out of the workspace folder. */
export type PathFault = "pathAbsolute" | "pathBackslash" | "pathOutside" | "pathInvalid";

/**
 * What is wrong with an image's path as it is written.
 * @param folder the recipe's own; without one, `pathOutside` cannot be told
 */
export function pathFault(path: string, folder: string | undefined): PathFault | undefined {
  if (path.trim() === "" || path.length > longestPath || !path.isWellFormed() || /\p{Cc}/u.test(path)) {
    return "pathInvalid";
  }
  if (/^([A-Za-z]:|[\\/]|file:)/i.test(path)) {
    return "pathAbsolute";
  }
  if (path.includes("\\")) {
    return "pathBackslash";
  }
  return folder !== undefined && fromWorkspace(path, folder) === undefined ? "pathOutside" : undefined;
}

/** A path in a recipe in `folder` as seen from the workspace folder; undefined if it leads out of it. */
export function fromWorkspace(path: string, folder: string): string | undefined {
  const segments = folder.split("/").filter(Boolean);
  for (const segment of path.split("/")) {
    if (segment === "..") {
      if (segments.pop() === undefined) {
        return undefined;
      }
    } else if (segment !== "" && segment !== ".") {
      segments.push(segment);
    }
  }
  return segments.length > mostSegments ? undefined : segments.join("/");
}

/** How a recipe in `folder` names a file. Both are seen from the workspace folder. */
export function fromRecipe(file: string, folder: string): string {
  const [from, to] = [folder.split("/").filter(Boolean), file.split("/")];
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) {
    same += 1;
  }
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}

/** The files of a workspace folder. It follows no link that leads out of it. */
export interface WorkspaceFiles {
  exists(path: string): Promise<boolean>;
  /** The names in a folder; undefined if there is none. */
  list(folder: string): Promise<readonly string[] | undefined>;
}

/**
 * Finds the file that a recipe in `folder` names, also if the file system spells it in another Unicode form. A name that is
 * there as written comes first; one of several others is no answer.
 * @returns the file's path; undefined if it is not there or {@link pathFault} has something against it.
 */
export async function findFile(path: string, folder: string, files: WorkspaceFiles): Promise<string | undefined> {
  const wanted = pathFault(path, folder) === undefined ? fromWorkspace(path, folder) : undefined;
  if (wanted === undefined || wanted === "") {
    return undefined;
  }
  if (await files.exists(wanted)) {
    return wanted;
  }
  // Only names beyond ASCII have other forms.
  if (!/[^ -~]/.test(wanted)) {
    return undefined;
  }
  let found = "";
  for (const segment of wanted.split("/")) {
    const names = (await files.list(found)) ?? [];
    const alike = names.filter((name) => name.normalize("NFC") === segment.normalize("NFC"));
    const name = alike.includes(segment) ? segment : alike.length === 1 ? alike[0] : undefined;
    if (name === undefined) {
      return undefined;
    }
    found = found === "" ? name : `${found}/${name}`;
  }
  return found;
}
