/** The two moments of the shot. */
export type Moment = "dusk" | "night";

/** A generator of numbers in 0..1 that gives the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 0, 1, … n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** Two decimals are enough for a drawing. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The color at `t` (0..1) between two `#rrggbb` colors. */
export function blend(from: string, to: string, t: number): string {
  const channel = (color: string, i: number) => Number.parseInt(color.slice(1 + i * 2, 3 + i * 2), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(from, i) + (channel(to, i) - channel(from, i)) * t));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Chooses between the colors of the two moments. */
export function mixer(moment: Moment): (dusk: string, night: string) => string {
  return (dusk, night) => (moment === "dusk" ? dusk : night);
}
