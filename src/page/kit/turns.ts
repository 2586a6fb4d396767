/** Newest wins: an answer counts only until a newer request or change takes its place. Pure: no DOM. */
export class Turns<Place extends string> {
  readonly #newest = new Map<Place, number>();
  #last = 0;

  /** Begins a turn in some places. Returns a function that is true while this turn is the newest in all of them. */
  take(...places: readonly Place[]): () => boolean {
    const mine = ++this.#last;
    for (const place of places) {
      this.#newest.set(place, mine);
    }
    return () => places.every((place) => this.#newest.get(place) === mine);
  }
}
