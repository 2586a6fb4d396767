import { ProblemError } from "../shared/model/problem.ts";

/** More copies of one name than anybody keeps in one folder. */
const maximumNumber = 9999;

/**
 * Tries one name after the other until a free one is taken.
 * @param folder named where all of them are taken.
 * @param take tries the nth name, from 1 on, and gives undefined where it is taken.
 * @throws {ProblemError} `folderUnusable` where no name is free.
 */
export async function firstFree<T>(folder: string, take: (nth: number) => Promise<T | undefined>): Promise<T> {
  for (let nth = 1; nth <= maximumNumber; nth += 1) {
    const taken = await take(nth);
    if (taken !== undefined) {
      return taken;
    }
  }
  throw new ProblemError({ code: "folderUnusable", path: folder, reason: "other" });
}

/** The nth name, from 1 on, where the name itself may be taken: `a`, `a-2`, `a-3` … */
export function numbered(name: string, nth: number): string {
  return nth === 1 ? name : `${name}-${nth}`;
}
