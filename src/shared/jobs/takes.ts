/** What the number of a video among those of its pair depends on. */
interface Take {
  readonly id: string;
  /** Undefined if the images are unknown. */
  readonly pair: string | undefined;
  /** The number that its name has, if it has one. */
  readonly named: number | undefined;
}

/**
 * The number of each video among those of its pair, by its id: the one in its name, or else counted by age. A video of an
 * unknown pair has none.
 */
export function takeNumbers(newestFirst: readonly Take[]): Map<string, number> {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { id, pair, named } of newestFirst.toReversed()) {
    if (pair !== undefined) {
      const count = (counts.get(pair) ?? 0) + 1;
      counts.set(pair, count);
      numbers.set(id, named ?? count);
    }
  }
  return numbers;
}
