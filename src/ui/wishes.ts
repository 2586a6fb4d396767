interface Wish<T> {
  readonly made: Promise<T>;
  /** When it was last requested, on the clock of all wishes. */
  told: number;
  isOver: boolean;
}

/** Paid wishes by key: requesting the same one again makes no second one. Different ones don't wait for each other. */
export class Wishes<T> {
  readonly #repeating: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Wish<T>>();

  /**
   * @param repeating how long after it was told last a wish that came true is still the same one, ms: a held key repeats
   * itself, however fast the wish comes true. A wish that failed, or that its user decided against (`undefined`), is over at once.
   * @param now elapsed time, ms
   */
  constructor(repeating = 0, now: () => number = () => performance.now()) {
    this.#repeating = repeating;
    this.#now = now;
  }

  /** @returns what `make` gives for it, possibly for an earlier call */
  place(key: string, make: () => Promise<T>): Promise<T> {
    const now = this.#now();
    for (const [other, { isOver, told }] of this.#known) {
      if (isOver && now - told >= this.#repeating) {
        this.#known.delete(other);
      }
    }
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.told = now;
      return known.made;
    }
    const wish: Wish<T> = { made: make(), told: now, isOver: false };
    this.#known.set(key, wish);
    wish.made.then(
      (value) => {
        wish.isOver = true;
        if (value === undefined) {
          this.#known.delete(key);
        }
      },
      () => this.#known.delete(key),
    );
    return wish.made;
  }
}
