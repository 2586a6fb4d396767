/** What the number of a video among those of its pair depends on. */
interface Take {
  readonly id: string;
  /** Name of the video without extension. */
  readonly name: string;
  readonly pair: string | undefined;
  readonly seed: number;
}

/**
 * The number of each video among those of its pair, by its id: the number that its name ends in, or else counted by age. A
 * video of an unknown pair has none.
 */
export function takeNumbers(newestFirst: readonly Take[]): Map<string, number> {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { id, name, pair, seed } of newestFirst.toReversed()) {
    if (pair !== undefined) {
      const count = (counts.get(pair) ?? 0) + 1;
      counts.set(pair, count);
      numbers.set(id, numberIn(name, seed) ?? count);
    }
  }
  return numbers;
}

/** The number that a name ends in, as in `lighthouse-004`. Names can also end in a seed, or in the day of a date. */
function numberIn(name: string, seed: number): number | undefined {
  const digits = /[-_ ](\d{3,5})$/.exec(name)?.[1];
  const number = Number(digits);
  return digits === undefined || number === 0 || number === seed ? undefined : number;
}
