import { world } from "../current.ts";

export * from "node:crypto";

export function randomUUID(): string {
  const digits = world().random.hex(32);
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join("-");
}

export function randomBytes(size: number): Buffer {
  return Buffer.from(world().random.hex(size * 2), "hex");
}

export function randomInt(low: number, high?: number): number {
  return high === undefined ? world().random.between(0, low - 1) : world().random.between(low, high - 1);
}
