import { isDeepStrictEqual } from "node:util";

type Fields = Readonly<Record<string, unknown>>;

/** Keys that say what an object is. If they differ, the two objects share no facts. */
const kinds = ["code", "kind"] as const;

/**
 * Merges a change into stored JSON and keeps what this version does not know: fields of a later version stay, at every
 * depth.
 * @param raw the value as it is stored
 * @param before the part of it that this version understood
 * @param after what that part becomes
 */
export function merged(raw: unknown, before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) {
    return raw;
  }
  if (!isFields(raw) || !isFields(before) || !isFields(after) || kinds.some((kind) => before[kind] !== after[kind])) {
    return after;
  }
  const kept = Object.entries(raw)
    .filter(([name]) => Object.hasOwn(after, name) || !Object.hasOwn(before, name))
    .map(([name, value]) => [name, Object.hasOwn(after, name) ? merged(value, before[name], after[name]) : value]);
  const added = Object.entries(after).filter(([name]) => !Object.hasOwn(raw, name));
  return Object.fromEntries([...kept, ...added]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
