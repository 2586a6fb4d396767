import { hashFile } from "./moveExclusively.ts";
import { recipePathOf, videoHashesIn } from "./recipe.ts";

/** How many recipes are read at the same time. */
const readAtOnce = 32;

/**
 * The recipe of a video of ours, even of one that was renamed or moved: the one beside it, if it is called alike and knows the
 * video's bytes; or else any other that knows them; or else the one beside it, whose video was changed or is gone.
 * @param video absolute path
 * @param others absolute paths of recipes that it may be, most likely first
 * @returns the recipe's absolute path; undefined if it is not found
 */
export async function findRecipe(video: string, others: () => Promise<readonly string[]>): Promise<string | undefined> {
  const beside = recipePathOf(video);
  const hashes = await videoHashesIn(beside);
  const sha256 = await hashFile(video).catch(() => undefined);
  if (sha256 !== undefined && hashes?.includes(sha256) !== true) {
    const all = await others();
    for (let at = 0; at < all.length; at += readAtOnce) {
      const some = all.slice(at, at + readAtOnce);
      const read = await Promise.all(some.map(videoHashesIn));
      const found = read.findIndex((known) => known?.includes(sha256));
      if (found >= 0) {
        return some[found];
      }
    }
  }
  return hashes === undefined ? undefined : beside;
}
