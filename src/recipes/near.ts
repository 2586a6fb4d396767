/** The known words that are at most this far from a word, by its length. */
const tolerance = (word: string): number => (word.length < 5 ? 1 : word.length < 9 ? 2 : 3);

/**
 * The known word that somebody who wrote `word` meant: the same one in another case or with other separators, or the closest
 * one with few letters changed, added, left out or swapped.
 */
export function nearest<T extends string>(word: string, known: readonly T[]): T | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const wanted = plain(word).slice(0, 64);
  const ranked = known
    .map((each) => ({ each, distance: distance(wanted, plain(each)) }))
    .filter((one) => one.distance <= tolerance(wanted))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.each;
}

/** How many letters must be changed, added, left out or swapped with their neighbor. */
function distance(one: string, other: string): number {
  let earlier: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
          ? (earlier[j - 2] ?? 0) + 1
          : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost, swapped));
    }
    [earlier, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
