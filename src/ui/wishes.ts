interface Call<T> {
  readonly result: Promise<T>;
  /** When it was last made, on the clock of all calls. */
  madeAt: number;
  isOver: boolean;
}

/** Calls that may cost money, by key: making the same call again repeats nothing. Different calls don't wait for each other. */
export class PaidCalls<T> {
  readonly #repeating: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Call<T>>();

  /**
   * @param repeating how long a finished call still counts as the same one, ms since it was last made: a held key repeats
   * it, however fast it finishes. A call that failed, or that the user declined (`undefined`), is over at once.
   * @param now elapsed time, ms
   */
  constructor(repeating = 0, now: () => number = () => performance.now()) {
    this.#repeating = repeating;
    this.#now = now;
  }

  /** @returns what `make` gives, possibly for an earlier call */
  once(key: string, make: () => Promise<T>): Promise<T> {
    const now = this.#now();
    for (const [other, { isOver, madeAt }] of this.#known) {
      if (isOver && now - madeAt >= this.#repeating) {
        this.#known.delete(other);
      }
    }
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.madeAt = now;
      return known.result;
    }
    const call: Call<T> = { result: make(), madeAt: now, isOver: false };
    this.#known.set(key, call);
    call.result.then(
      (value) => {
        call.isOver = true;
        if (value === undefined) {
          this.#known.delete(key);
        }
      },
      () => this.#known.delete(key),
    );
    return call.result;
  }
}
