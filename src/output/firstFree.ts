import { ProblemError } from "../shared/model/problem.ts";

/** More copies of one name than anybody keeps in one folder. */
const maximumNumber = 9999;

/**
 * Tries one name after the other until a free one is taken: the plain name first, then with a number from 2 on.
 * @param folder named where all of them are taken.
 * @param take tries the name with this suffix, and gives undefined where it is taken.
 * @throws {ProblemError} `folderUnusable` where no name is free.
 */
export async function firstFree<T>(folder: string, take: (suffix: string) => Promise<T | undefined>): Promise<T> {
  for (let number = 1; number <= maximumNumber; number += 1) {
    const taken = await take(number === 1 ? "" : `-${number}`);
    if (taken !== undefined) {
      return taken;
    }
  }
  throw new ProblemError({ code: "folderUnusable", path: folder, reason: "other" });
}
