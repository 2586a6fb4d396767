/** A stream of numbers that its seed decides alone. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    // Neighbouring seeds begin alike without this.
    for (let round = 0; round < 8; round += 1) {
      this.next();
    }
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True so often, 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of several; there must be one. */
  pick<T>(from: readonly T[]): T {
    const chosen = from[this.between(0, from.length - 1)];
    if (chosen === undefined) {
      throw new Error("nothing to pick from");
    }
    return chosen;
  }

  /** One of several by their weights. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) {
      left -= weight;
      if (left < 0) {
        return value;
      }
    }
    throw new Error("nothing to pick from");
  }

  /** So many random digits in hex. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += this.between(0, 0xffff).toString(16).padStart(4, "0");
    }
    return text.slice(0, digits);
  }
}
